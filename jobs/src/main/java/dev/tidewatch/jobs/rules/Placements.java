package dev.tidewatch.jobs.rules;

import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.events.v1.Stage;
import dev.tidewatch.remember.Member;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a book says of compiled rules: whose events they see, and what becomes of a match. */
final class Placements {
  /** No tenant has this id. */
  private static final Audience NOBODY = new Audience(Set.of(""), Set.of());

  private final RuleBook book;
  private final List<Draft> rules = new ArrayList<>();
  private final List<DraftStateful> stateful = new ArrayList<>();

  /** A rule before it is known which stateful rules listen to it. */
  private record Draft(
      SigmaRule rule, Stage stage, Audience audience, Audience feeds, boolean inline) {}

  private record DraftStateful(StatefulRule rule, Stage stage, Audience audience) {}

  /** Gives a compiled rule its version. */
  interface Versioned {
    SigmaRule of(SigmaRule rule, int version);
  }

  Placements(RuleBook book) {
    this.book = book;
  }

  /** The versions that run for all tenants but those that have one of their own. */
  void forAll(Compilation compiled, Versioned versioned) {
    compiled.rules().forEach(rule -> addMain(rule, rule.id(), false, versioned));
    compiled.inline().forEach(rule -> addMain(rule, owner(rule), true, versioned));
    for (StatefulRule rule : compiled.stateful()) {
      Entry entry = entry(rule.id());
      PlacedVersion main = entry.main().orElseThrow();
      stateful.add(
          new DraftStateful(
              rule.withVersion(main.getVersion()), stage(main), audienceOfMain(entry, main)));
    }
  }

  private void addMain(SigmaRule rule, String owner, boolean inline, Versioned versioned) {
    Entry entry = entry(owner);
    PlacedVersion main = entry.main().orElseThrow();
    Audience audience = audienceOfMain(entry, main);
    Audience feeds = new Audience(Set.of(), liveElsewhere(entry));
    rules.add(
        new Draft(versioned.of(rule, main.getVersion()), stage(main), audience, feeds, inline));
  }

  /** A version beside the one for all: of its compilation, only what is its own. */
  void canary(String id, PlacedVersion placed, Compilation compiled, Versioned versioned) {
    Audience audience = new Audience(Set.copyOf(placed.getTenantsList()), Set.of());
    boolean feeds = stage(placed) == Stage.STAGE_LIVE || entry(id).main().isEmpty();
    compiled.matched().stream()
        .filter(rule -> rule.id().equals(id) || rule.id().startsWith(id + "#"))
        .forEach(
            rule ->
                rules.add(
                    new Draft(
                        versioned.of(rule, placed.getVersion()),
                        stage(placed),
                        audience,
                        feeds || !rule.id().equals(id) ? audience : NOBODY,
                        !rule.id().equals(id))));
    compiled.stateful().stream()
        .filter(rule -> rule.id().equals(id))
        .forEach(
            rule ->
                stateful.add(
                    new DraftStateful(
                        rule.withVersion(placed.getVersion()), stage(placed), audience)));
  }

  private Entry entry(String id) {
    return Optional.ofNullable(book.entries().get(id)).orElseThrow();
  }

  /** A detection inside a pattern is named {@code PATTERN#NAME}. */
  private String owner(SigmaRule inline) {
    String id = inline.id();
    for (int end = id.lastIndexOf('#'); end > 0; end = id.lastIndexOf('#', end - 1)) {
      if (book.entries().containsKey(id.substring(0, end))) {
        return id.substring(0, end);
      }
    }
    return id;
  }

  private static Stage stage(PlacedVersion placed) {
    return placed.getStage() == RuleStage.RULE_STAGE_LIVE ? Stage.STAGE_LIVE : Stage.STAGE_SHADOW;
  }

  private static Audience audienceOfMain(Entry entry, PlacedVersion main) {
    return stage(main) == Stage.STAGE_LIVE
        ? new Audience(Set.of(), liveElsewhere(entry))
        : Audience.ALL;
  }

  private static Set<String> liveElsewhere(Entry entry) {
    Set<String> tenants = new HashSet<>();
    entry
        .others()
        .filter(other -> stage(other) == Stage.STAGE_LIVE)
        .forEach(other -> tenants.addAll(other.getTenantsList()));
    return tenants;
  }

  List<PlacedRule> rules() {
    Silence silence = new Silence(stateful);
    return rules.stream()
        .map(
            rule ->
                new PlacedRule(
                    rule.rule(),
                    rule.stage(),
                    rule.audience(),
                    rule.inline() || silence.covers(rule.rule().id(), rule.stage()),
                    rule.feeds()))
        .toList();
  }

  List<PlacedStatefulRule> stateful() {
    Silence silence = new Silence(stateful);
    return stateful.stream()
        .map(
            rule ->
                new PlacedStatefulRule(
                    rule.rule(),
                    rule.stage(),
                    rule.audience(),
                    silence.covers(rule.rule().id(), rule.stage())))
        .toList();
  }

  /** Which rules do not alert by themselves (row 30). */
  private static final class Silence {
    private final Set<String> live = new HashSet<>();
    private final Set<String> any = new HashSet<>();

    /** A stateful rule in shadow takes no alert away; only one that is live for all does. */
    Silence(List<DraftStateful> listeners) {
      Set<String> generatingLive = new HashSet<>();
      Set<String> generatingAny = new HashSet<>();
      for (DraftStateful listener : listeners) {
        boolean generates = listener.rule().generate();
        boolean isLive =
            listener.stage() == Stage.STAGE_LIVE && listener.audience().only().isEmpty();
        for (Member member : listener.rule().members()) {
          (generates ? generatingAny : any).add(member.ruleId());
          if (isLive) {
            (generates ? generatingLive : live).add(member.ruleId());
          }
        }
      }
      live.removeAll(generatingLive);
      any.removeAll(generatingAny);
    }

    boolean covers(String ruleId, Stage stage) {
      return (stage == Stage.STAGE_LIVE ? live : any).contains(ruleId);
    }
  }
}
