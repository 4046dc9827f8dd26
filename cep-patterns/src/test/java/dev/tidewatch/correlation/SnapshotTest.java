package dev.tidewatch.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.correlation.Bounds.Operator;
import dev.tidewatch.correlation.CorrelationPlan.Fired;
import dev.tidewatch.correlation.CorrelationPlan.InOrder;
import dev.tidewatch.correlation.CorrelationPlan.Measured;
import dev.tidewatch.correlation.CorrelationPlan.Percentile;
import dev.tidewatch.remember.Match;
import dev.tidewatch.remember.StatefulRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * States as they were written once: {@code correlation/snapshots/*.hex}, a group in the middle of a
 * stream. What is restored from them must go on as if nothing had happened. A format that changes
 * gets a new version and a new file; the old ones stay. Run with {@code
 * -Dtidewatch.golden.write=true} to write those that are missing.
 */
class SnapshotTest {
  private static final Path SNAPSHOTS = Path.of("src/test/resources/correlation/snapshots");
  private static final Bounds THREE = new Bounds(Map.of(Operator.GTE, BigDecimal.valueOf(3)));
  private static final Bounds FEW = new Bounds(Map.of(Operator.LT, BigDecimal.valueOf(5_000)));
  private static final Windowing SLIDING = new Windowing.Sliding(100);

  private static final Map<String, CorrelationPlan> PLANS =
      Map.of(
          "1-recent-count-of-one-v1",
          plan(CorrelationType.EVENT_COUNT, 1, new Measured(THREE)),
          "2-recent-count-of-several-v1",
          plan(CorrelationType.EVENT_COUNT, 2, new Measured(THREE)),
          "3-tally-v1",
          plan(CorrelationType.VALUE_SUM, 2, new Measured(FEW)),
          "4-numbers-summed-v1",
          plan(CorrelationType.VALUE_AVG, 2, new Measured(THREE)),
          "4-numbers-sorted-v1",
          plan(CorrelationType.VALUE_PERCENTILE, 2, new Percentile(BigDecimal.valueOf(50), THREE)),
          "5-distinct-v1",
          plan(CorrelationType.VALUE_COUNT, 2, new Measured(THREE)),
          "6-fired-rules-v1",
          plan(CorrelationType.TEMPORAL, 3, new Fired(new RuleExpression.Fired(1))),
          "7-prefixes-v1",
          plan(CorrelationType.TEMPORAL_ORDERED, 3, new InOrder()));

  private static CorrelationPlan plan(
      CorrelationType type, int members, CorrelationPlan.Condition condition) {
    List<String> fields = type.readsValues() ? List.of("f") : List.of();
    return new CorrelationPlan(type, members, fields, SLIDING, condition);
  }

  @TestFactory
  Stream<DynamicTest> whatWasWrittenOnceGoesOn() throws IOException {
    List<Path> files;
    Files.createDirectories(SNAPSHOTS);
    if (Boolean.getBoolean("tidewatch.golden.write")) {
      PLANS.forEach(SnapshotTest::write);
    }
    try (Stream<Path> all = Files.list(SNAPSHOTS)) {
      files = all.sorted().toList();
    }
    assertThat(files).hasSizeGreaterThanOrEqualTo(PLANS.size());
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  private static void check(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".hex", "");
    StatefulRule rule = TestRules.of(PLANS.get(name), 0);
    byte[] bytes = HexFormat.of().parseHex(Files.readString(file).replaceAll("\\s", ""));
    GroupDriver restored = halfWay(rule);
    restored.restore(bytes);
    GroupDriver unbroken = halfWay(rule);
    rest().forEach(restored::add);
    rest().forEach(unbroken::add);
    assertThat(restored.finish().updates()).isNotEmpty().isEqualTo(unbroken.finish().updates());
  }

  private static GroupDriver halfWay(StatefulRule rule) {
    GroupDriver driver = new GroupDriver(rule);
    matches(rule.members().size()).forEach(driver::add);
    return driver;
  }

  /** The last of them waits for the watermark. */
  private static List<Match> matches(int members) {
    List<Match> matches = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      matches.add(Matches.of(10 + 7 * i, i % members, i == 3 ? "0.125" : "4" + i % 5));
    }
    return matches;
  }

  private static List<Match> rest() {
    List<Match> matches = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      matches.add(Matches.of(100 + 13 * i, 0, "4" + i % 5));
    }
    return matches;
  }

  private static void write(String name, CorrelationPlan plan) {
    Path file = SNAPSHOTS.resolve(name + ".hex");
    if (Files.exists(file)) {
      return;
    }
    String hex = HexFormat.of().formatHex(halfWay(TestRules.of(plan, 0)).bytes());
    try {
      Files.writeString(file, hex.replaceAll("(.{96})", "$1\n") + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
