package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.attack.Attack;
import dev.tidewatch.attack.Tactic;
import dev.tidewatch.attack.Technique;
import dev.tidewatch.coverage.ListedRule;
import dev.tidewatch.events.LogSource;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules as a table with the coverage below it, or as JSON. */
final class RuleList {
  private static final int TITLE_WIDTH = 60;
  private static final List<String> LEVELS =
      List.of("critical", "high", "medium", "low", "informational");

  private final List<ListedRule> rules;

  RuleList(List<ListedRule> rules) {
    this.rules = rules;
  }

  void table(PrintWriter out, boolean colours) {
    String row = "%s %-60s %-34s %-22s %s%n";
    out.printf(row, String.format("%-13s", "LEVEL"), "TITLE", "LOG SOURCE", "TECHNIQUES", "FILE");
    for (ListedRule rule : rules) {
      out.printf(
          row,
          Levels.paint(rule.level(), String.format("%-13s", rule.level()), colours),
          Printable.cut(Printable.of(rule.title()), TITLE_WIDTH),
          Printable.cut(Printable.of(shown(rule)), 34),
          Printable.of(String.join(" ", rule.techniqueIds())),
          Printable.of(rule.file()));
    }
    out.println();
    Map<String, Long> tactics = byTactic();
    for (Tactic tactic : Tactic.values()) {
      if (tactics.containsKey(tactic.shortName())) {
        out.printf(
            Locale.ROOT, "%-22s %,6d rules%n", tactic.title(), tactics.get(tactic.shortName()));
      }
    }
    out.printf(
        Locale.ROOT,
        "%,d rules: %s; %,d techniques%n",
        rules.size(),
        byLevel().entrySet().stream()
            .map(e -> String.format(Locale.ROOT, "%,d %s", e.getValue(), e.getKey()))
            .collect(Collectors.joining(", ")),
        techniques());
  }

  private static String shown(ListedRule rule) {
    LogSource source = rule.logSource();
    if (source.equals(LogSource.UNKNOWN)) {
      return rule.kind();
    }
    return Stream.of(source.product(), source.category(), source.service())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("/"));
  }

  private long techniques() {
    return rules.stream().flatMap(rule -> rule.techniqueIds().stream()).distinct().count();
  }

  private Map<String, Long> byTactic() {
    return rules.stream()
        .flatMap(rule -> rule.tactics().stream().distinct())
        .collect(Collectors.groupingBy(t -> t, TreeMap::new, Collectors.counting()));
  }

  private Map<String, Long> byLevel() {
    Map<String, Long> counts =
        rules.stream().collect(Collectors.groupingBy(ListedRule::level, Collectors.counting()));
    Map<String, Long> sorted = new java.util.LinkedHashMap<>();
    LEVELS.stream()
        .filter(counts::containsKey)
        .forEach(level -> sorted.put(level, counts.get(level)));
    return sorted;
  }

  /** {@code summary}, and {@code rules} in their order. */
  ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode summary = root.putObject("summary");
    summary.put("rules", rules.size()).put("techniques", techniques());
    ObjectNode levels = summary.putObject("by_level");
    byLevel().forEach(levels::put);
    ObjectNode tactics = summary.putObject("by_tactic");
    Map<String, Long> counts = byTactic();
    Arrays.stream(Tactic.values())
        .map(Tactic::shortName)
        .filter(counts::containsKey)
        .forEach(tactic -> tactics.put(tactic, counts.get(tactic)));
    ArrayNode list = root.putArray("rules");
    rules.forEach(rule -> json(rule, list.addObject()));
    return root;
  }

  private static void json(ListedRule rule, ObjectNode out) {
    out.put("id", rule.id())
        .put("title", rule.title())
        .put("level", rule.level())
        .put("status", rule.status())
        .put("file", rule.file())
        .put("kind", rule.kind());
    out.putObject("log_source")
        .put("product", rule.logSource().product())
        .put("category", rule.logSource().category())
        .put("service", rule.logSource().service());
    ArrayNode tags = out.putArray("tags");
    rule.tags().forEach(tags::add);
    ArrayNode tactics = out.putArray("tactics");
    rule.tactics().forEach(tactics::add);
    ArrayNode techniques = out.putArray("techniques");
    for (String id : rule.techniqueIds()) {
      techniques
          .addObject()
          .put("id", id)
          .put("name", Attack.technique(id).map(Technique::name).orElse(""));
    }
  }
}
