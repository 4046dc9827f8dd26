package dev.tidewatch.control.rule;

import dev.tidewatch.control.v1.ListRulesResponse;
import dev.tidewatch.control.v1.Rule;
import dev.tidewatch.control.v1.RuleDiagnostic;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.remember.Member;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The compiled rule set and what is kept beside it, as the console reads it: by title, in pages.
 * Immutable.
 */
final class RuleCatalog {
  /** One for each version that is placed, with its YAML; the one in force before others. */
  private final List<Rule> rows;

  private final List<RuleDiagnostic> diagnostics;

  RuleCatalog(Compilation compilation, RuleBook book) {
    Map<String, Rule> compiled = new HashMap<>();
    compilation.rules().forEach(rule -> compiled.putIfAbsent(rule.id(), rule(rule)));
    compilation.stateful().forEach(rule -> compiled.putIfAbsent(rule.id(), rule(rule)));
    List<Rule> found = new ArrayList<>();
    compiled.forEach((id, rule) -> found.addAll(rows(rule, book.entries().get(id))));
    book.entries()
        .forEach(
            (id, entry) -> {
              if (!compiled.containsKey(id)) {
                found.addAll(rows(null, entry));
              }
            });
    found.sort(Comparator.comparing(ListPlace::of));
    this.rows = List.copyOf(found);
    this.diagnostics = compilation.diagnostics().stream().map(WireRules::diagnostic).toList();
  }

  /** With its YAML: the version in force, else the newest that is placed. */
  Optional<Rule> get(String ruleId, Sight sight) {
    return rows.stream()
        .filter(rule -> rule.getRuleId().equals(ruleId))
        .map(rule -> seen(rule, sight))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Rule> seen(Rule rule, Sight sight) {
    return sight
        .tenants(rule.getTenantsList())
        .map(
            tenants ->
                rule.toBuilder()
                    .clearTenants()
                    .addAllTenants(tenants)
                    .setChangedBy(sight.author(rule.getChangedBy()))
                    .build());
  }

  /** Rules that the filter lets through, behind {@code after}. Diagnostics come with the first. */
  ListRulesResponse page(RuleFilter filter, Sight sight, int size, Optional<ListPlace> after) {
    Set<String> listed = new HashSet<>();
    List<Rule> found =
        rows.stream()
            .filter(filter)
            .filter(rule -> sight.tenants(rule.getTenantsList()).isPresent())
            .filter(rule -> listed.add(rule.getRuleId()))
            .toList();
    List<Rule> rest =
        found.stream()
            .filter(rule -> after.isEmpty() || ListPlace.of(rule).compareTo(after.get()) > 0)
            .toList();
    List<Rule> page = rest.subList(0, Math.min(size, rest.size()));
    ListRulesResponse.Builder answer = ListRulesResponse.newBuilder().setTotal(found.size());
    page.stream()
        .map(rule -> seen(rule, sight))
        .flatMap(Optional::stream)
        .forEach(rule -> answer.addRules(rule.toBuilder().clearSource()));
    if (page.size() < rest.size()) {
      answer.setNextPageToken(ListPlace.of(page.get(page.size() - 1)).token());
    }
    if (after.isEmpty()) {
      answer.addAllDiagnostics(diagnostics(sight));
    }
    return answer.build();
  }

  /** But for those of files that run for other tenants alone. */
  private List<RuleDiagnostic> diagnostics(Sight sight) {
    Set<String> hidden = new HashSet<>();
    Set<String> shown = new HashSet<>();
    for (Rule rule : rows) {
      boolean seen = sight.tenants(rule.getTenantsList()).isPresent();
      (seen ? shown : hidden).add(rule.getFile());
    }
    hidden.removeAll(shown);
    return diagnostics.stream()
        .filter(found -> !hidden.contains(found.getFile()))
        .map(found -> found.toBuilder().setMessage(sight.told(found.getMessage())).build())
        .toList();
  }

  /**
   * @param compiled of the version in force; null when none compiled
   * @param entry null for what the pipeline was started with
   */
  private static List<Rule> rows(@Nullable Rule compiled, @Nullable Entry entry) {
    if (entry == null) {
      return compiled == null
          ? List.of()
          : List.of(compiled.toBuilder().setStage(RuleStage.RULE_STAGE_LIVE).build());
    }
    Optional<PlacedVersion> main = entry.main().or(() -> entry.running().findFirst());
    List<Rule> rows = new ArrayList<>();
    main.ifPresent(placed -> rows.add(placed(compiled, entry, placed)));
    for (PlacedVersion placed : entry.placement().getVersionsList()) {
      if (!Optional.of(placed).equals(main)) {
        rows.add(placed(null, entry, placed));
      }
    }
    return rows;
  }

  private static Rule placed(@Nullable Rule compiled, Entry entry, PlacedVersion placed) {
    RuleVersion version = entry.version(placed.getVersion());
    Rule rule =
        compiled != null && compiled.getHash().equals(version.getHash())
            ? compiled
            : RuleHeads.of(version);
    return rule.toBuilder()
        .setVersion(placed.getVersion())
        .setStage(placed.getStage())
        .addAllTenants(placed.getTenantsList())
        .setNewestVersion(entry.versions().lastKey())
        .setChangedBy(version.getAuthor())
        .setChangedMs(TimeUnit.MICROSECONDS.toMillis(version.getCreatedUs()))
        .build();
  }

  private static Rule rule(SigmaRule rule) {
    return Rule.newBuilder()
        .setRuleId(rule.id())
        .setVersion(rule.version())
        .setHash(rule.hash())
        .setTitle(rule.title())
        .setDescription(rule.description())
        .setAuthor(rule.author())
        .setStatus(rule.status())
        .setLevel(WireRules.level(rule.level()))
        .setLogSource(WireRules.logSource(rule.logSource()))
        .addAllTags(rule.tags())
        .addAllTechniqueIds(rule.techniqueIds())
        .addAllTactics(rule.tactics())
        .addAllFalsePositives(rule.falsePositives())
        .addAllReferences(rule.references())
        .setFile(rule.file())
        .setSource(rule.source())
        .setKind("detection")
        .build();
  }

  private static Rule rule(StatefulRule rule) {
    return Rule.newBuilder()
        .setRuleId(rule.id())
        .setVersion(rule.version())
        .setHash(rule.hash())
        .setTitle(rule.head().title())
        .setDescription(rule.head().description())
        .setAuthor(rule.head().author())
        .setStatus(rule.head().status())
        .setLevel(WireRules.level(rule.head().level()))
        .setLogSource(WireRules.logSource(rule.head().logSource()))
        .addAllTags(rule.head().tags())
        .addAllTechniqueIds(rule.techniqueIds())
        .addAllTactics(rule.tactics())
        .addAllFalsePositives(rule.head().falsePositives())
        .addAllReferences(rule.head().references())
        .setFile(rule.file())
        .setSource(rule.source())
        .setKind(rule.kind())
        .addAllRefersTo(rule.members().stream().map(Member::ruleId).distinct().toList())
        .build();
  }
}
