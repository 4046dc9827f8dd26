package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformanceCommandTest {
  private static final String KIT = Installation.home().resolve("docs/conformance").toString();

  @TempDir Path directory;

  @Test
  void theKitPassesAgainstOurselves() {
    CommandRun run = CommandRun.of("conformance", "--run", KIT);

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).contains(" 0 failed").contains("  31 ");
  }

  @Test
  void theExportIsTheFileForOtherEngines() throws IOException {
    CommandRun run = CommandRun.of("conformance", "--export", KIT);

    assertThat(run.out()).isEqualTo(Files.readString(Path.of(KIT, "cases.ndjson")));
  }

  @Test
  void anotherEngineIsAskedByItsCommand() throws IOException {
    String always =
        "while IFS= read -r line; do id=${line#*\\\"id\\\":\\\"}; id=${id%%\\\"*};"
            + " echo \"{\\\"id\\\":\\\"$id\\\",\\\"outcome\\\":\\\"match\\\"}\"; done";
    writeKit("match: ['{\"F\":1}']\n    no-match: ['{\"F\":2}']");

    CommandRun table = run("--", "sh", "-c", always);
    CommandRun json = run("--format", "json", "--", "sh", "-c", always);

    assertThat(table.exitCode()).isEqualTo(1);
    assertThat(table.out())
        .contains(
            "01-one-no-match-1: a number",
            "expected no-match, answered match",
            "    | title: A conformance case",
            "2 cases: 1 passed, 1 failed");
    JsonNode report = new ObjectMapper().readTree(json.out());
    assertThat(report.at("/failed/0/id").asText()).isEqualTo("01-one-no-match-1");
    assertThat(report.at("/rows/0/passed").asInt()).isEqualTo(1);
  }

  @Test
  void wrongUsageIsNamed() throws IOException {
    assertThat(CommandRun.of("conformance", "--run", "nowhere").err()).contains("nowhere: no kit");
    assertThat(CommandRun.of("conformance", "--", "x").err()).contains("needs --run DIR");
    writeKit("matches: []");
    CommandRun bad = run();
    assertThat(bad.exitCode()).isEqualTo(3);
    assertThat(bad.err()).contains("one.yml:6: unknown key 'matches'");
    writeKit("match: ['{}']");
    assertThat(run("--", "/no/such/engine").err()).contains("the engine cannot be started");
  }

  private void writeKit(String outcomes) throws IOException {
    Files.createDirectories(directory.resolve("cases"));
    Files.writeString(
        directory.resolve("cases/one.yml"),
        "row: 1\ncases:\n  - name: one\n    about: a number\n    selection: 'F: 1'\n    "
            + outcomes
            + "\n");
  }

  private CommandRun run(String... more) {
    String[] arguments = new String[3 + more.length];
    arguments[0] = "conformance";
    arguments[1] = "--run";
    arguments[2] = directory.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return CommandRun.of(arguments);
  }
}
