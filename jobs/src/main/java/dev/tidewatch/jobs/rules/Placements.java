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
import dev.tidewatch.sigma.TenantCompiler.Compilations;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** What a book says of compiled rules: whose events they see, and what becomes of a match. */
final class Placements {
  private final RuleBook book;
  private final Versioned versioned;
  private final List<Draft> rules = new ArrayList<>();
  private final List<DraftStateful> stateful = new ArrayList<>();

  /** A rule before it is known which stateful rules listen to it. */
  private record Draft(
      SigmaRule rule, Stage stage, Audience audience, Audience feeds, boolean inline) {
    Draft onlyFor(String tenant) {
      return new Draft(rule, stage, audience.onlyFor(tenant), feeds.onlyFor(tenant), inline);
    }

    Draft except(String tenant) {
      return new Draft(rule, stage, audience.except(tenant), feeds.except(tenant), inline);
    }

    boolean isSomebodys() {
      return !audience.equals(Audience.NOBODY) || !feeds.equals(Audience.NOBODY);
    }
  }

  private record DraftStateful(StatefulRule rule, Stage stage, Audience audience) {
    DraftStateful onlyFor(String tenant) {
      return new DraftStateful(rule, stage, audience.onlyFor(tenant));
    }

    DraftStateful except(String tenant) {
      return new DraftStateful(rule, stage, audience.except(tenant));
    }

    DraftStateful and(DraftStateful others) {
      return new DraftStateful(rule, stage, audience.and(others.audience()));
    }
  }

  /** Gives a compiled rule its version. */
  interface Versioned {
    /**
     * @param tenant whose value lists it is compiled with; empty: those for all
     */
    SigmaRule of(SigmaRule rule, int version, String tenant);
  }

  Placements(RuleBook book, Versioned versioned) {
    this.book = book;
    this.versioned = versioned;
  }

  /** The versions that run for all tenants but those that have one of their own. */
  void forAll(Compilations compiled) {
    place(compiled, new Scope(id -> entry(id).main(), false));
  }

  /** A version beside the one for all: of its compilation, only what is its own. */
  void canary(String id, PlacedVersion placed, Compilations compiled) {
    place(compiled, new Scope(id::equals, placed));
  }

  /**
   * Which rules of a compilation are placed.
   *
   * @param placed by the id of the rule, or of the pattern that it stands in
   */
  private record Scope(Function<String, Optional<PlacedVersion>> placed, boolean canary) {
    Scope(Predicate<String> id, PlacedVersion placed) {
      this(owner -> id.test(owner) ? Optional.of(placed) : Optional.empty(), true);
    }
  }

  private void place(Compilations compiled, Scope scope) {
    Map<String, Draft> drafts = drafts(compiled.forAll(), "", scope);
    List<Draft> own = new ArrayList<>();
    compiled
        .own()
        .forEach(
            (tenant, part) -> {
              Map<String, Draft> theirs = drafts(part.compiled(), tenant, scope);
              theirs.values().removeIf(draft -> isAsForAll(draft, drafts));
              theirs.values().forEach(draft -> own.add(draft.onlyFor(tenant)));
              Set<String> left = new HashSet<>(theirs.keySet());
              left.addAll(part.lost());
              left.forEach(id -> drafts.computeIfPresent(id, (k, draft) -> draft.except(tenant)));
            });
    drafts.values().stream().filter(Draft::isSomebodys).forEach(rules::add);
    own.stream().filter(Draft::isSomebodys).forEach(rules::add);
    placeStateful(compiled, scope);
  }

  private Map<String, Draft> drafts(Compilation compiled, String tenant, Scope scope) {
    Map<String, Draft> drafts = new LinkedHashMap<>();
    compiled.rules().forEach(rule -> draft(drafts, rule, rule.id(), tenant, scope));
    compiled.inline().forEach(rule -> draft(drafts, rule, owner(rule), tenant, scope));
    return drafts;
  }

  private void draft(
      Map<String, Draft> drafts, SigmaRule rule, String owner, String tenant, Scope scope) {
    boolean inline = !owner.equals(rule.id());
    scope
        .placed()
        .apply(owner)
        .ifPresent(
            placed ->
                drafts.put(
                    rule.id(),
                    new Draft(
                        versioned.of(rule, placed.getVersion(), tenant),
                        stage(placed),
                        audience(entry(owner), placed, scope),
                        feeds(entry(owner), placed, inline, scope),
                        inline)));
  }

  private static Audience audience(Entry entry, PlacedVersion placed, Scope scope) {
    return scope.canary()
        ? new Audience(Set.copyOf(placed.getTenantsList()), Set.of())
        : audienceOfMain(entry, placed);
  }

  private static Audience feeds(Entry entry, PlacedVersion placed, boolean inline, Scope scope) {
    if (!scope.canary()) {
      return new Audience(Set.of(), liveElsewhere(entry));
    }
    boolean feeds = inline || stage(placed) == Stage.STAGE_LIVE || entry.main().isEmpty();
    return feeds ? audience(entry, placed, scope) : Audience.NOBODY;
  }

  /** What a pattern does is the same for all; who sees its matches may not be. */
  private void placeStateful(Compilations compiled, Scope scope) {
    Map<String, DraftStateful> drafts = new LinkedHashMap<>();
    compiled.forAll().stateful().forEach(rule -> draft(drafts, rule, scope));
    Set<String> forAll = Set.copyOf(drafts.keySet());
    compiled
        .own()
        .forEach(
            (tenant, part) -> {
              part.lost()
                  .forEach(id -> drafts.computeIfPresent(id, (k, draft) -> draft.except(tenant)));
              Map<String, DraftStateful> theirs = new LinkedHashMap<>();
              part.compiled().stateful().forEach(rule -> draft(theirs, rule, scope));
              theirs.keySet().removeAll(forAll);
              theirs.forEach(
                  (id, draft) -> drafts.merge(id, draft.onlyFor(tenant), DraftStateful::and));
            });
    stateful.addAll(drafts.values());
  }

  private void draft(Map<String, DraftStateful> drafts, StatefulRule rule, Scope scope) {
    scope
        .placed()
        .apply(rule.id())
        .ifPresent(
            placed ->
                drafts.put(
                    rule.id(),
                    new DraftStateful(
                        rule.withVersion(placed.getVersion()),
                        stage(placed),
                        audience(entry(rule.id()), placed, scope))));
  }

  private static boolean isAsForAll(Draft own, Map<String, Draft> drafts) {
    Draft forAll = drafts.get(own.rule().id());
    return forAll != null && forAll.rule().equals(own.rule());
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
