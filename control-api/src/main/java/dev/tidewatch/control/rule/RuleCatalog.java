package dev.tidewatch.control.rule;

import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.ListRulesResponse;
import dev.tidewatch.control.v1.Rule;
import dev.tidewatch.control.v1.RuleDiagnostic;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A compiled rule set as the console reads it: by title, in pages. Immutable. */
final class RuleCatalog {
  private final List<Rule> rules;
  private final Map<String, SigmaRule> sources = new HashMap<>();
  private final List<RuleDiagnostic> diagnostics;

  RuleCatalog(Compilation compilation) {
    compilation.rules().forEach(rule -> sources.putIfAbsent(rule.id(), rule));
    this.rules =
        sources.values().stream()
            .map(RuleCatalog::rule)
            .sorted(Comparator.comparing(RulePlace::of))
            .toList();
    this.diagnostics = compilation.diagnostics().stream().map(WireRules::diagnostic).toList();
  }

  int size() {
    return rules.size();
  }

  /** With its YAML. */
  Optional<Rule> get(String ruleId) {
    return Optional.ofNullable(sources.get(ruleId))
        .map(rule -> rule(rule).toBuilder().setSource(rule.source()).build());
  }

  /**
   * Rules whose title, id or a tag contains every word of {@code text}, behind {@code after}.
   * Diagnostics come with the first page.
   */
  ListRulesResponse page(String text, int size, Optional<RulePlace> after) {
    List<Rule> found = matching(text).toList();
    List<Rule> rest =
        found.stream()
            .filter(rule -> after.isEmpty() || RulePlace.of(rule).compareTo(after.get()) > 0)
            .toList();
    List<Rule> page = rest.subList(0, Math.min(size, rest.size()));
    ListRulesResponse.Builder answer =
        ListRulesResponse.newBuilder().addAllRules(page).setTotal(found.size());
    if (page.size() < rest.size()) {
      answer.setNextPageToken(RulePlace.of(page.get(page.size() - 1)).token());
    }
    if (after.isEmpty()) {
      answer.addAllDiagnostics(diagnostics);
    }
    return answer.build();
  }

  private Stream<Rule> matching(String text) {
    List<String> words = FieldChecks.split(text.toLowerCase(Locale.ROOT));
    return rules.stream().filter(rule -> words.stream().allMatch(word -> contains(rule, word)));
  }

  private static boolean contains(Rule rule, String word) {
    return Stream.concat(Stream.of(rule.getTitle(), rule.getRuleId()), rule.getTagsList().stream())
        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(word));
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
        .build();
  }
}
