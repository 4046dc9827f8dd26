package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectCommandTest {
  private static final String RULE =
      """
      title: Archive made for the road
      id: 0a2b6f0c-9f2c-4c57-8c6f-5f2a8f6b1b11
      status: test
      level: medium
      logsource:
        category: process_creation
        product: windows
      detection:
        archiver:
          Image|endswith: '\\packer.exe'
          CommandLine|contains: ' --secret '
        condition: archiver
      """;
  private static final String HIT =
      "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,"
          + "\"UtcTime\":\"2026-11-20 09:00:00.250\",\"Image\":\"C:\\\\t\\\\packer.exe\","
          + "\"CommandLine\":\"packer --secret all\"}";
  private static final String MISS =
      "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,"
          + "\"Image\":\"C:\\\\t\\\\other.exe\",\"CommandLine\":\"other\"}";

  @TempDir Path directory;
  private Path rules;

  @BeforeEach
  void writeRule() throws IOException {
    rules = Files.createDirectory(directory.resolve("rules"));
    Files.writeString(rules.resolve("packer.yml"), RULE);
  }

  @Test
  void anAlertIsOneLineOfJson() throws IOException {
    Path events = write("events.ndjson", MISS + "\n" + HIT + "\n");

    CommandRun run = detect(events, "--output", "ndjson");

    assertThat(run.exitCode()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(1);
    JsonNode alert = new ObjectMapper().readTree(lines.get(0));
    assertThat(alert.path("rule_id").asText()).isEqualTo("0a2b6f0c-9f2c-4c57-8c6f-5f2a8f6b1b11");
    assertThat(alert.path("title").asText()).isEqualTo("Archive made for the road");
    assertThat(alert.path("level").asText()).isEqualTo("medium");
    assertThat(alert.path("file").asText()).isEqualTo(events.toString());
    assertThat(alert.path("record").asInt()).isEqualTo(1);
    assertThat(alert.path("time").asText()).isEqualTo("2026-11-20T09:00:00.250Z");
    assertThat(alert.path("fields").path("CommandLine").asText()).isEqualTo("packer --secret all");
    assertThat(alert.path("fields").path("Image").asText()).isEqualTo("C:\\t\\packer.exe");
    assertThat(run.err()).contains("2 events", "1 rules", "1 alerts", "0 unreadable");
  }

  @Test
  void aTableIsForPeople() throws IOException {
    CommandRun run = detect(write("events.ndjson", HIT));

    assertThat(run.out())
        .contains(
            "medium",
            "Archive made for the road",
            "events.ndjson:0",
            "CommandLine=packer --secret all");
  }

  @Test
  void whatCannotBeReadIsCountedAndNamed() throws IOException {
    CommandRun run = detect(write("events.ndjson", "{\"open\":\n" + HIT + "\nnoise\n"));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Archive made for the road");
    assertThat(run.err()).contains("record 0:", "record 2:", "2 unreadable");
  }

  @Test
  void aBadRuleCostsOnlyItself() throws IOException {
    Files.writeString(rules.resolve("broken.yml"), "title: [\n");

    CommandRun run = detect(write("events.ndjson", HIT));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Archive made for the road");
    assertThat(run.err()).contains("broken.yml:");
  }

  @Test
  void aMissingFileIsNamed() {
    CommandRun run = detect(directory.resolve("nowhere.ndjson"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("nowhere.ndjson: no such file");
  }

  @Test
  void textOfEventsCannotMoveTheCursor() throws IOException {
    CommandRun run = detect(write("events.ndjson", HIT.replace("all", "\\u001b[2J\\u202eall")));

    assertThat(run.out()).contains("\\u{1b}[2J\\u{202e}all").doesNotContain("\u001b", "\u202e");
  }

  private static final String TWICE =
      """
      ---
      title: Two archives in a minute
      id: 0a2b6f0c-9f2c-4c57-8c6f-5f2a8f6b1b12
      status: test
      level: high
      correlation:
        type: event_count
        rules: [0a2b6f0c-9f2c-4c57-8c6f-5f2a8f6b1b11]
        group-by: [Image]
        timespan: 1m
        condition: {gte: 2}
      """;

  /** Sorted by time over all files; the rule that is counted does not alert by itself. */
  @Test
  void correlationsSeeAllFilesInOrderOfTime() throws IOException {
    Files.writeString(rules.resolve("packer.yml"), RULE + TWICE);
    Path late = write("b.ndjson", HIT.replace("09:00:00.250", "09:00:59.000"));
    write("a.ndjson", MISS + "\n" + HIT + "\n" + HIT.replace("09:00:00", "09:05:00"));

    CommandRun run = detect(late, directory.resolve("a.ndjson").toString(), "--output", "ndjson");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines()).hasSize(1);
    JsonNode alert = new ObjectMapper().readTree(run.out());
    assertThat(alert.path("title").asText()).isEqualTo("Two archives in a minute");
    assertThat(alert.path("kind").asText()).isEqualTo("event_count");
    assertThat(alert.path("count").asInt()).isEqualTo(2);
    assertThat(alert.path("first_seen").asText()).isEqualTo("2026-11-20T09:00:00.250Z");
    assertThat(alert.path("time").asText()).isEqualTo("2026-11-20T09:00:59Z");
    assertThat(alert.path("last_seen").asText()).isEqualTo("2026-11-20T09:00:59Z");
    assertThat(alert.path("group").path("Image").asText()).isEqualTo("C:\\t\\packer.exe");
    assertThat(alert.path("evidence").path(0).path("file").asText()).endsWith("a.ndjson");
    assertThat(alert.path("evidence").path(0).path("record").asInt()).isEqualTo(1);
    assertThat(alert.path("evidence").path(1).path("file").asText()).endsWith("b.ndjson");
    assertThat(alert.path("alert_id").asText()).hasSize(36);
    assertThat(detect(late, directory.resolve("a.ndjson").toString()).out())
        .contains("Two archives in a minute (event_count)", "2 in all: a.ndjson:1, b.ndjson:0");
  }

  private CommandRun detect(Path events, String... more) {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of("detect", "--rules", rules.toString(), "--events", events.toString()));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
