package dev.tidewatch.ruletest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.ruletest.RuleTestReport.FileResult;
import dev.tidewatch.ruletest.RuleTestReport.StreamOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamTestRunnerTest {
  private static final String MEMBER =
      """
      title: Failed Logon
      id: 00000000-0000-4000-8000-000000000101
      name: failed_logon
      level: low
      logsource: {product: windows, service: security}
      detection: {selection: {EventID: 4625}, condition: selection}
      """;
  private static final String BURST =
      """
      title: Many Failed Logons
      id: 00000000-0000-4000-8000-000000000102
      name: burst
      level: high
      correlation: {type: event_count, rules: [failed_logon], group-by: [IpAddress], timespan: 10s, condition: {gte: 3}}
      """;
  private static final String EVENT =
      "{Channel: Security, EventID: 4625, IpAddress: 10.0.0.1, TargetUserName: 'u${n}'}";

  @TempDir Path directory;

  private FileResult run(String streams) throws IOException {
    Files.writeString(directory.resolve("member.yml"), MEMBER);
    Files.writeString(directory.resolve("burst.yml"), BURST);
    Files.writeString(directory.resolve("burst.tests.yml"), streams);
    return RuleTestSuite.run(List.of(directory)).files().stream()
        .filter(FileResult::hasTests)
        .findFirst()
        .orElseThrow();
  }

  private StreamOutcome one(String episodes, String events) throws IOException {
    FileResult result =
        run("streams:\n  - name: it\n    events:\n" + events + "    episodes: " + episodes + "\n");
    assertThat(result.problems()).isEmpty();
    assertThat(result.streams()).hasSize(1);
    return result.streams().get(0);
  }

  @Test
  void anEpisodeThatIsAsExpectedPasses() throws IOException {
    StreamOutcome outcome =
        one(
            "[{rule: burst, count: 5, group: {IpAddress: 10.0.0.1}, first: 4s, opened: 12s, last: 16s}]",
            "      - {at: 10s, repeat: 4, every: 2s, event: "
                + EVENT
                + "}\n"
                + "      - {at: 4s, event: "
                + EVENT
                + "}\n");
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.test().name()).isEqualTo("it");
    assertThat(outcome.test().events().get(3).payload()).contains("u4");
  }

  @Test
  void theWindowHoldsBothItsEnds() throws IOException {
    String event = "      - {at: %s, event: " + EVENT + "}\n";
    assertThat(
            one(
                    "[{rule: Many Failed Logons, count: 3}]",
                    event.formatted("0s") + event.formatted("5s") + event.formatted("10s"))
                .failure())
        .isEmpty();
    assertThat(
            one("[]", event.formatted("0s") + event.formatted("5s") + event.formatted("10001ms"))
                .failure())
        .isEmpty();
  }

  @Test
  void whatIsMissingAndWhatIsTooMuchIsSaid() throws IOException {
    String burst = "      - {at: 1s, repeat: 3, event: " + EVENT + "}\n";
    assertThat(one("[{rule: burst, count: 4}]", burst).failure())
        .contains("no episode as in line 5 (burst)")
        .contains(
            "an episode nobody expects: {rule: Many Failed Logons, count: 3, group: {IpAddress:"
                + " 10.0.0.1}, first: 1s, opened: 3s, last: 3s}")
        .contains("3 matches of 3 took part");
    assertThat(one("[]", burst.replace("IpAddress: 10.0.0.1, ", "")).failure()).isEmpty();
    assertThat(one("[{rule: burst}]", burst.replace("IpAddress: 10.0.0.1, ", "")).failure())
        .contains("0 matches of 3 took part, some lack a group-by field");
  }

  @Test
  void whatCannotBeReadIsAProblemWithItsLine() throws IOException {
    FileResult result =
        run(
            """
            streams:
              - events:
                  - {at: soon, event: {a: 1}}
                  - {at: 1s, repaet: 2, event: {a: 1}}
                  - {at: 1s}
                episodes: [{count: 1}, 3]
              - events: []
            """);
    assertThat(result.problems())
        .extracting(Diagnostic::line, Diagnostic::message)
        .contains(
            org.assertj.core.groups.Tuple.tuple(3, "'soon' is no time since the stream's start"),
            org.assertj.core.groups.Tuple.tuple(4, "unknown key 'repaet'"),
            org.assertj.core.groups.Tuple.tuple(5, "an event of a stream has at: and event:"),
            org.assertj.core.groups.Tuple.tuple(6, "an expected episode names its rule"),
            org.assertj.core.groups.Tuple.tuple(6, "each of 'episodes' is a map, not a number"),
            org.assertj.core.groups.Tuple.tuple(7, "a stream is a map with events and episodes"));
    assertThat(result.failed()).isGreaterThan(5);
  }

  @Test
  void streamsNeedACorrelationOrPattern() throws IOException {
    Files.writeString(directory.resolve("member.yml"), MEMBER);
    Files.writeString(
        directory.resolve("member.tests.yml"),
        "streams:\n  - {events: [{at: 0s, event: " + EVENT + "}], episodes: []}\n");
    FileResult result = RuleTestSuite.run(List.of(directory)).files().get(0);
    assertThat(result.streams().get(0).failure()).contains("no correlation and no pattern");
  }
}
