package dev.tidewatch.jobs.remember;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.remember.GroupKey;
import dev.tidewatch.remember.Match;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * State that earlier code wrote is read and gone on with. {@code -Dtidewatch.golden=update} writes
 * a file that is missing; one that stands here is never written again: a change of the state's form
 * gets a file of its own.
 */
class RememberStateTest {
  private static final Path FIRST = Path.of("src/test/resources/state/remember-1.base64");
  private static final long SECOND = 1_000_000;
  private static final String RULES =
      """
      title: Failed Logon
      id: 00000000-0000-4000-8000-000000000101
      name: failed
      level: low
      logsource: {product: windows}
      detection: {selection: {EventID: 4625}, condition: selection}
      ---
      title: Logon
      id: 00000000-0000-4000-8000-000000000102
      name: logon
      level: low
      logsource: {product: windows}
      detection: {selection: {EventID: 4624}, condition: selection}
      ---
      title: Many
      id: 00000000-0000-4000-8000-000000000103
      level: high
      correlation: {type: event_count, rules: [failed], group-by: [Ip], timespan: 10s, condition: {gte: 3}}
      ---
      title: Many Users
      id: 00000000-0000-4000-8000-000000000104
      level: high
      correlation: {type: value_count, rules: [failed], group-by: [Ip], timespan: 10s, condition: {gte: 3, field: User}}
      ---
      title: Then In
      id: 00000000-0000-4000-8000-000000000105
      level: high
      correlation: {type: temporal_ordered, rules: [failed, logon], group-by: [Ip], timespan: 10s}
      """;

  private final List<StatefulRule> rules =
      new SigmaCompiler().compile(List.of(new RuleSource("rules.yml", RULES))).stateful();
  private final TestFeed feed = TestFeed.of(rules.toArray(StatefulRule[]::new));

  private static void fire(
      RememberHarness harness, StatefulRule rule, int member, long second, String user)
      throws Exception {
    @Nullable String[] fields = new @Nullable String[rule.members().get(member).fields().size()];
    java.util.Arrays.fill(fields, user);
    harness.send(
        new StatefulMatch(
            1,
            new GroupKey("acme", rule.id(), rule.version(), "10.0.0.1"),
            new Match(second * SECOND, 7, second, member, fields, new String[] {"user", user})));
  }

  /** Half way: two of three have been seen, and another waits for the watermark. */
  private void begin(RememberHarness harness) throws Exception {
    for (StatefulRule rule : rules) {
      fire(harness, rule, 0, 1, "ann");
      fire(harness, rule, 0, 2, "bob");
    }
    harness.watermark(2_500);
    for (StatefulRule rule : rules) {
      fire(harness, rule, rule.members().size() - 1, 3, "eve");
    }
  }

  @Test
  void whatTheFirstVersionWroteIsReadToday() throws Exception {
    if (!Files.exists(FIRST) && "update".equals(System.getProperty("tidewatch.golden"))) {
      try (RememberHarness harness = new RememberHarness(feed, RememberHarness.Backend.HEAP)) {
        begin(harness);
        Files.createDirectories(FIRST.getParent());
        write(harness.snapshot(1));
      }
    }
    OperatorSubtaskState state = read();

    try (RememberHarness harness =
        new RememberHarness(feed, RememberHarness.Backend.HEAP, 1, 0, 1, state)) {
      assertThat(harness.groups()).isEqualTo(3);
      harness.watermark(2_400);
      fire(harness, rules.get(0), 0, 2, "late");
      assertThat(harness.side(RememberOperator.LATE)).as("the watermark is state").hasSize(1);
      harness.watermark(5_000);

      assertThat(new TreeSet<>(harness.alerts().stream().map(Alert::getRuleTitle).toList()))
          .containsExactly("Many", "Many Users", "Then In");
      assertThat(harness.alerts())
          .allSatisfy(
              alert -> {
                assertThat(alert.getTimeUs()).isEqualTo(3 * SECOND);
                assertThat(alert.getEvidenceCount()).isGreaterThanOrEqualTo(2);
              });
    }
  }

  private static void write(OperatorSubtaskState state) throws Exception {
    Path file = Files.createTempFile("remember", ".state");
    OperatorSnapshotUtil.writeStateHandle(state, file.toString());
    Files.write(FIRST, Base64.getMimeEncoder().encode(Files.readAllBytes(file)));
    Files.delete(file);
  }

  private static OperatorSubtaskState read() throws Exception {
    Path file = Files.createTempFile("remember", ".state");
    Files.write(file, Base64.getMimeDecoder().decode(Files.readAllBytes(FIRST)));
    OperatorSubtaskState state = OperatorSnapshotUtil.readStateHandle(file.toString());
    Files.delete(file);
    return state;
  }
}
