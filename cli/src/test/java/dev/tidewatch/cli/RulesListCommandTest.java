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

class RulesListCommandTest {
  private static final String RULE =
      """
      title: "Log Cleared\\e[2J"
      id: 5d1f2c5e-9a1e-4a0b-8a5e-0c41f1f1a001
      tags: [attack.defense-evasion, attack.t1070.001]
      logsource: {product: windows, service: security}
      detection: {selection: {EventID: 1102}, condition: selection}
      level: high
      """;

  @TempDir Path directory;

  @BeforeEach
  void writeRules() throws IOException {
    Files.writeString(directory.resolve("a.yml"), RULE);
    Files.writeString(
        directory.resolve("b.yml"), RULE.replace("a001", "a002").replace("high", "low"));
    Files.writeString(directory.resolve("c.yml"), RULE.replace("condition: ", "condition: no_"));
  }

  @Test
  void aTableWithTheCoverageBelowIt() {
    CommandRun run = list();

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("high          Log Cleared\\u{1b}[2J", "windows/security", "T1070.001", "a.yml")
        .contains("Defense Evasion             2 rules", "2 rules: 1 high, 1 low; 1 techniques")
        .doesNotContain("\u001b");
    assertThat(run.err()).contains("1 rules do not compile");
  }

  @Test
  void jsonNamesTechniques() throws IOException {
    JsonNode report = new ObjectMapper().readTree(list("--format", "json").out());

    assertThat(report.at("/summary/rules").asInt()).isEqualTo(2);
    assertThat(report.at("/summary/by_level/low").asInt()).isEqualTo(1);
    assertThat(report.at("/summary/by_tactic/defense-evasion").asInt()).isEqualTo(2);
    assertThat(report.at("/rules/0/techniques/0/name").asText())
        .isEqualTo("Clear Windows Event Logs");
    assertThat(report.at("/rules/0/log_source/service").asText()).isEqualTo("security");
  }

  @Test
  void aNavigatorLayer() throws IOException {
    JsonNode layer =
        new ObjectMapper().readTree(list("--format", "navigator", "--name", "Ours").out());

    assertThat(layer.path("name").asText()).isEqualTo("Ours");
    assertThat(layer.at("/versions/layer").asText()).isEqualTo("4.5");
    assertThat(layer.at("/techniques/0/techniqueID").asText()).isEqualTo("T1070.001");
    assertThat(layer.at("/techniques/0/score").asInt()).isEqualTo(2);
  }

  @Test
  void aMissingPathIsNamed() {
    assertThat(CommandRun.of("rules", "list", "nowhere").err()).contains("nowhere: no such file");
  }

  private CommandRun list(String... more) {
    String[] arguments = new String[3 + more.length];
    arguments[0] = "rules";
    arguments[1] = "list";
    arguments[2] = directory.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return CommandRun.of(arguments);
  }
}
