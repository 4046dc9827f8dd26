package dev.tidewatch.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Correlations with pieces replaced compile or are refused with a reason, and never throw. */
class CorrelationFuzzTest {
  private static final String DETECTION =
      """
      title: A
      id: 00000000-0000-4000-8000-000000000001
      name: a
      logsource: {product: windows}
      detection: {s: {A: a}, condition: s}
      ---
      """;
  private static final String[] KEYS = {
    "type", "rules", "group-by", "timespan", "condition", "aliases", "window", "generate", "x"
  };
  private static final String[] VALUES = {
    "event_count",
    "value_count",
    "temporal",
    "temporal_ordered",
    "value_sum",
    "value_avg",
    "value_percentile",
    "[a]",
    "a",
    "[a, other]",
    "[a, a]",
    "[other]",
    "[self]",
    "[]",
    "{}",
    "null",
    "10m",
    "0s",
    "1M",
    "99999999999d",
    "2w",
    "'5 m'",
    "{gte: 2}",
    "{lt: 2}",
    "{gte: 2, lte: 1}",
    "{gt: 1, field: F}",
    "{eq: 3, field: [F, G]}",
    "{gte: 1e40}",
    "{gte: -1}",
    "{lte: 100000}",
    "{gte: 100001}",
    "{neq: 1.5}",
    "{gt: 1, field: F, percentile: 101}",
    "a and not other",
    "a or (",
    "not not a",
    "tumbling",
    "{session: {gap: 1m}}",
    "{session: {gap: 99d}}",
    "{count: {size: 3}}",
    "{count: {size: -3}}",
    "{session: 1}",
    "{F: {a: B}}",
    "{F: {z: B}}",
    "{F: 1}",
    "true",
    "maybe",
    "[[a]]",
    "[{a: 1}]",
    "'\\u0000'",
    "\"\\ud83d\""
  };

  @Property(tries = 4_000, shrinking = ShrinkingMode.OFF)
  void neverThrows(@ForAll long seed) {
    Random random = new Random(seed);
    String text = DETECTION + document("self", 2, random) + "---\n" + document("other", 3, random);
    Compilation compilation = new SigmaCompiler().compile(List.of(new RuleSource("r.yml", text)));
    assertThat(compilation.rules().size() + compilation.stateful().size() + compilation.refused())
        .as(text)
        .isEqualTo(3);
    assertThat(compilation.stateful().size() == 2 || compilation.hasErrors()).as(text).isTrue();
    for (StatefulRule rule : compilation.stateful()) {
      GroupDriver driver = new GroupDriver(rule);
      for (int i = 0; i < 20; i++) {
        driver.add(
            Matches.of(
                i * 7_000_000L, i % rule.members().size(), "" + i % 5, i % 7 == 0 ? null : "v"));
      }
      driver.finish();
    }
  }

  private static String document(String name, int id, Random random) {
    List<String> lines = new ArrayList<>();
    lines.add("type: event_count");
    lines.add("rules: [a]");
    lines.add("group-by: [G]");
    lines.add("timespan: 10m");
    lines.add("condition: {gte: 2}");
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      String line =
          KEYS[random.nextInt(KEYS.length)] + ": " + VALUES[random.nextInt(VALUES.length)];
      String key = line.substring(0, line.indexOf(':') + 1);
      lines.removeIf(old -> old.startsWith(key));
      if (random.nextInt(8) > 0) {
        lines.add(line);
      }
    }
    return """
        title: %1$s
        id: 00000000-0000-4000-8000-00000000000%2$d
        name: %1$s
        correlation:
        """
            .formatted(name, id)
        + String.join("\n", lines).indent(4);
  }
}
