package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
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
          Image|endswith:
            - '\\packer.exe'
            - '\\zipper.exe'
            - '\\a.exe'
            - '\\b.exe'
            - '\\c.exe'
          CommandLine|contains: ' --secret '
        filter_backup:
          ParentImage|endswith: '\\backup.exe'
        condition: archiver and not filter_backup
      """;
  private static final String HIT = event("packer.exe", "\"ParentImage\":\"C:\\\\explorer.exe\"");
  private static final String EXCLUDED =
      event("packer.exe", "\"ParentImage\":\"C:\\\\backup.exe\"");
  private static final String OTHER = event("other.exe", "\"Parent_Image\":\"\"");

  @TempDir Path directory;
  private Path rule;
  private Path events;

  private static String event(String image, String more) {
    return "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,"
        + "\"Image\":\"C:\\\\t\\\\"
        + image
        + "\",\"CommandLine\":\"x --secret all\","
        + more
        + "}\n";
  }

  @BeforeEach
  void writeFiles() throws IOException {
    rule = Files.writeString(directory.resolve("packer.yml"), RULE);
    events = Files.writeString(directory.resolve("events.ndjson"), HIT + EXCLUDED + OTHER);
  }

  @Test
  void aRuleThatFires() {
    CommandRun run = explain();

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains(
            "Archive made for the road",
            "✓ fires: 'archiver' holds, 'filter_backup' does not hold",
            "✓ log source [product=windows category=process_creation] covers",
            "✓ condition  archiver and not filter_backup",
            "✓ Image endswith '\\packer.exe'  one of 5  event: 'C:\\t\\packer.exe'",
            "✗ filter_backup  exclusion")
        .doesNotContain("\u001b");
  }

  @Test
  void anExclusionIsNamed() {
    CommandRun run = explain("--record", "1");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("✗ does not fire: 'filter_backup' holds", "✗ not  excluded")
        .contains("✓ filter_backup  exclusion");
  }

  @Test
  void aValueThatDiffersIsShownWithWhatWasWanted() {
    CommandRun run = explain("--record", "2");

    assertThat(run.out())
        .contains(
            "✗ Image endswith one of 5: '\\packer.exe' '\\zipper.exe' '\\a.exe' '\\b.exe'"
                + " and 1 more (--all)  event: 'C:\\t\\other.exe'  (the value differs)")
        .contains("the event has 'Parent_Image'; field names are exact");
    assertThat(explain("--record", "2", "--all").out()).contains("'\\c.exe'  (the value differs)");
  }

  @Test
  void aLogSourceThatDoesNotCoverTheEventIsSaidFirst() throws IOException {
    Files.writeString(events, HIT.replace("Microsoft-Windows-Sysmon/Operational", "Application"));

    assertThat(explain().out())
        .contains(
            "✗ does not fire: the rule is not evaluated on such events, category is not"
                + " process_creation",
            "category: wanted process_creation, event has none",
            "✓ archiver");
  }

  @Test
  void jsonIsComplete() throws IOException {
    CommandRun run = explain("--record", "1", "--format", "json");

    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.at("/event/record").asInt()).isEqualTo(1);
    assertThat(report.at("/rules/0/fired").asBoolean()).isFalse();
    assertThat(report.at("/rules/0/reasons/0").asText()).isEqualTo("'filter_backup' holds");
    JsonNode images = report.at("/rules/0/selections/0/search/parts/0/parts");
    assertThat(images).hasSize(5);
    assertThat(images.path(0).path("matched").asText()).isEqualTo("C:\\t\\packer.exe");
    assertThat(images.path(4).path("why").asText()).isEqualTo("value-differs");
  }

  @Test
  void textOfEventsAndRulesCannotMoveTheCursor() throws IOException {
    Files.writeString(rule, RULE.replace("made for", "\u202emade for"));
    Files.writeString(events, HIT.replace("x --secret", "\\u001b[2J --secret"));

    assertThat(explain().out())
        .contains("\\u{1b}[2J --secret", "\\u{202e}made")
        .doesNotContain("\u001b", "\u202e");
  }

  @Test
  void wrongUsageIsNamed() throws IOException {
    assertThat(explain("--record", "3").err()).contains("has 3 events, counted from 0");
    assertThat(explain("--record", "3").exitCode()).isEqualTo(2);
    Files.writeString(rule, RULE.replace("endswith", "endwith"));
    CommandRun refused = explain();
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("packer.yml:10:", "TW-E1203", "did you mean 'endswith'?");
    Files.delete(rule);
    assertThat(explain().err()).contains("packer.yml: no such file");
  }

  @Test
  void anUnreadableEventIsNamed() throws IOException {
    Files.writeString(events, "{\"open\": \n");

    CommandRun run = explain();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("events.ndjson: record 0: ");
  }

  private CommandRun explain(String... more) {
    java.util.List<String> arguments =
        new java.util.ArrayList<>(
            java.util.List.of("explain", "--rule", rule.toString(), "--event", events.toString()));
    arguments.addAll(java.util.List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }
}
