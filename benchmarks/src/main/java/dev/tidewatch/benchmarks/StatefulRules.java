package dev.tidewatch.benchmarks;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.SigmaCompiler;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Correlations and patterns over the rules that fire most on a corpus, so that they have something
 * to remember. They leave those rules' own alerts alone ({@code generate: true}).
 *
 * @param yaml all documents
 * @param matches of the chosen rules on the corpus
 */
record StatefulRules(String yaml, long matches) {
  private static final int RULES = 40;

  static StatefulRules over(Path rules, CorpusTelemetry corpus, int correlations, int patterns)
      throws MalformedEventException {
    Map<String, Integer> counts = new HashMap<>();
    IndexedMatcher matcher =
        new IndexedMatcher(new SigmaCompiler().compile(RuleDirectory.read(List.of(rules))).rules());
    for (int i = 0; i < corpus.size(); i++) {
      for (RuleMatch match : matcher.match(EventDocument.parse(corpus.next()))) {
        counts.merge(match.rule().id(), 1, Integer::sum);
      }
    }
    List<String> busiest =
        counts.entrySet().stream()
            .sorted(
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(RULES)
            .map(Map.Entry::getKey)
            .toList();
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < correlations; i++) {
      yaml.append(correlation(i, busiest)).append("---\n");
    }
    for (int i = 0; i < patterns; i++) {
      yaml.append(pattern(i, busiest)).append("---\n");
    }
    yaml.setLength(Math.max(0, yaml.length() - 4));
    return new StatefulRules(
        yaml.toString(), busiest.stream().mapToLong(id -> counts.getOrDefault(id, 0)).sum());
  }

  private static String head(String kind, int number) {
    return String.format(
        Locale.ROOT,
        "title: Generated %s %d%nid: %s%nstatus: test%nlevel: medium%n",
        kind,
        number,
        UUID.nameUUIDFromBytes((kind + number).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  private static String correlation(int number, List<String> rules) {
    String first = rules.get(number % rules.size());
    String second = rules.get((number * 7 + 1) % rules.size());
    String by = "  group-by: [Computer]\n  timespan: " + (1 + number % 30) + "m\n";
    String body =
        switch (number % 4) {
          case 0 ->
              "  type: event_count\n  rules: [%s]\n%s  condition: {gte: %d}\n"
                  .formatted(first, by, 3 + number % 20);
          case 1 ->
              "  type: value_count\n  rules: [%s]\n%s  condition: {gte: %d, field: EventID}\n"
                  .formatted(first, by, 2 + number % 5);
          case 2 -> "  type: temporal\n  rules: [%s, %s]\n%s".formatted(first, second, by);
          default -> "  type: temporal_ordered\n  rules: [%s, %s]\n%s".formatted(first, second, by);
        };
    return head("correlation", number) + "correlation:\n" + body + "  generate: true\n";
  }

  private static String pattern(int number, List<String> rules) {
    return head("pattern", number)
        + """
        pattern:
          by: [Computer]
          within: %dm
          generate: true
          steps:
            - first: {rule: %s}
            - second: {rule: %s}
            - third: {rule: %s}
        """
            .formatted(
                5 + number,
                rules.get(number % rules.size()),
                rules.get((number * 3 + 1) % rules.size()),
                rules.get((number * 5 + 2) % rules.size()));
  }
}
