package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesCheckCommandTest {
  private static final String BROKEN =
      """
      title: Misspelt
      id: 2f7cbb0e-6c0a-4b2c-8e69-3a5d1d1a7c01
      status: test
      level: low
      logsource:
        product: windows
      detection:
        selection:
          CommandLine|contians: whoami
        condition: selection
      """;

  @TempDir Path directory;

  @Test
  void theStarterPackIsClean() {
    CommandRun run = CommandRun.of("rules", "check", Installation.starterRules().toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("none refused");
  }

  @Test
  void aDiagnosticNamesFileLineColumnAndRemedy() throws IOException {
    Files.writeString(directory.resolve("misspelt.yml"), BROKEN);

    CommandRun run = CommandRun.of("rules", "check", directory.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("misspelt.yml:9:", "error TW-E", "contians", "contains", "1 refused");
  }

  @Test
  void jsonHasTheSummaryAndEveryDiagnostic() throws IOException {
    Files.writeString(directory.resolve("misspelt.yml"), BROKEN);
    Files.writeString(
        directory.resolve("good.yml"),
        BROKEN.replace("contians", "contains").replace("2f7c", "3f7c"));

    CommandRun run = CommandRun.of("rules", "check", directory.toString(), "--format", "json");

    JsonNode report = new ObjectMapper().readTree(run.out());
    JsonNode summary = report.path("summary");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(summary.path("files").asInt()).isEqualTo(2);
    assertThat(summary.path("rules").asInt()).isEqualTo(2);
    assertThat(summary.path("compiled").asInt()).isEqualTo(1);
    assertThat(summary.path("refused").asInt()).isEqualTo(1);
    String code = report.path("diagnostics").path(0).path("code").asText();
    assertThat(summary.path("refused_by_code").path(code).asInt()).isEqualTo(1);
    assertThat(report.path("diagnostics").path(0).path("line").asInt()).isEqualTo(9);
  }

  @Test
  void aMissingPathIsNamed() {
    CommandRun run = CommandRun.of("rules", "check", "nowhere");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("nowhere: no such file or directory");
  }
}
