package dev.tidewatch.benchmarks.stateful;

import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.util.List;

/**
 * A rule, and what kind of stream it gets.
 *
 * @param groups that matches go to in turn
 * @param stepMicros between two matches of a group
 * @param values distinct values of the first field, in turn
 * @param members rules that fire, in turn
 */
record BenchmarkedRule(
    String name, String yaml, int groups, long stepMicros, int values, int members) {
  private static final String MEMBERS =
      List.of("a", "b", "c").stream()
          .map(
              name ->
                  """
                  title: Rule %s
                  id: 00000000-0000-4000-8000-00000000000%s
                  name: %s
                  level: low
                  logsource: {product: windows}
                  detection:
                      selection: {EventID: 1}
                      condition: selection
                  ---
                  """
                      .formatted(name, name, name))
          .reduce("", String::concat);

  private static final String HEAD =
      """
      title: Benchmarked
      id: 00000000-0000-4000-8000-000000000001
      level: low
      """;

  static final List<BenchmarkedRule> ALL =
      List.of(
          correlation("event_count", "[a]", "condition: {gte: 10}", 10_000, 90_000_000, 1, 1),
          correlation("event_count, open", "[a]", "condition: {gte: 10}", 10_000, 1_000_000, 1, 1),
          correlation("event_count, lt", "[a]", "condition: {lt: 10}", 10_000, 90_000_000, 1, 1),
          correlation("temporal", "[a, b, c]", "", 10_000, 250_000_000, 1, 3),
          correlation("temporal, open", "[a, b, c]", "", 10_000, 1_000_000, 1, 3),
          correlation("temporal_ordered", "[a, b, c]", "", 10_000, 250_000_000, 1, 3),
          correlation("temporal_ordered, open", "[a, b, c]", "", 10_000, 1_000_000, 1, 3),
          correlation(
              "value_count", "[a]", "condition: {gte: 5000, field: F}", 100, 1_000, 2_000, 1),
          correlation(
              "value_count, open", "[a]", "condition: {gte: 2000, field: F}", 100, 1_000, 2_000, 1),
          correlation(
              "value_sum", "[a]", "condition: {gte: 1e9, field: F}", 1_000, 1_000_000, 999, 1),
          correlation(
              "value_avg", "[a]", "condition: {gte: 1e9, field: F}", 1_000, 1_000_000, 999, 1),
          correlation(
              "value_percentile",
              "[a]",
              "condition: {gte: 1e9, field: F}",
              1_000,
              1_000_000,
              999,
              1),
          new BenchmarkedRule(
              "sequence of three steps",
              HEAD
                  + """
                  pattern:
                    by: [G]
                    within: 10m
                    steps:
                      - one: {rule: a}
                      - two: {rule: b}
                      - three: {rule: c}
                  """,
              10_000,
              150_000_000,
              1,
              3));

  private static BenchmarkedRule correlation(
      String name,
      String rules,
      String condition,
      int groups,
      long stepMicros,
      int values,
      int members) {
    String yaml =
        HEAD
            + """
            correlation:
                type: %s
                rules: %s
                group-by: [G]
                timespan: 10m
                %s
            """
                .formatted(name.replaceAll(",.*", ""), rules, condition);
    return new BenchmarkedRule(name, yaml, groups, stepMicros, values, members);
  }

  StatefulRule compile() {
    Compilation compilation =
        new SigmaCompiler().compile(List.of(new RuleSource(name, MEMBERS + yaml)));
    if (compilation.hasErrors() || compilation.stateful().size() != 1) {
      throw new IllegalStateException(name + ": " + compilation.diagnostics());
    }
    return compilation.stateful().get(0);
  }
}
