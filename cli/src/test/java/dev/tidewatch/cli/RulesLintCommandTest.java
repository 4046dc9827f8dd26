package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesLintCommandTest {
  private static final String RULE =
      """
      title: Log Cleared
      id: 5d1f2c5e-9a1e-4a0b-8a5e-0c41f1f1a001
      status: test
      description: The security log was cleared.
      references: [https://example.org/log]
      author: A. Author
      date: 2026-01-01
      tags: [attack.defense-evasion, attack.t1070.001]
      logsource:
        product: windows
        service: security
      detection:
        selection:
          EventID: 1102
        filter_main:
          EventID: [1102, 1103]
        condition: selection and not filter_main
      falsepositives: [Unlikely]
      level: high
      """;

  @TempDir Path directory;

  @Test
  void theStarterPackHasNoWarning() {
    CommandRun run =
        CommandRun.of("rules", "lint", Installation.starterRules().toString(), "--strict");

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).contains("0 errors, 0 warnings");
  }

  @Test
  void aFindingHasItsPlaceAndDoesNotFailUnlessStrict() throws IOException {
    write("security_log_cleared.yml", RULE);

    CommandRun run = lint();

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains(
            "security_log_cleared.yml:17:14: warning TW-L2301: the rule can never match",
            "17 |   condition: selection and not filter_main",
            "1 files: 0 errors, 1 warnings, 0 hints");
    assertThat(lint("--strict").exitCode()).isEqualTo(1);
    assertThat(lint("--strict", "--without", "TW-L2014,TW-L2301").exitCode()).isZero();
  }

  @Test
  void errorsOfTheCompilerFail() throws IOException {
    write("security_log_cleared.yml", RULE.replace("1103]", "1103"));

    CommandRun run = lint("--without", "TW-E1003");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("TW-E1003");
  }

  @Test
  void jsonCountsByCode() throws IOException {
    write("security_log_cleared.yml", RULE);
    write("other.yml", RULE.replace("a001", "a002"));

    JsonNode report = new ObjectMapper().readTree(lint("--format", "json").out());

    assertThat(report.at("/summary/by_code/TW-L2301").asInt()).isEqualTo(2);
    assertThat(report.at("/summary/by_code/TW-L2402").asInt()).isEqualTo(1);
    assertThat(report.at("/findings/0/file").asText()).isEqualTo("other.yml");
    assertThat(report.at("/findings/0/code").asText()).isEqualTo("TW-L2403");
  }

  @Test
  void aMissingPathIsNamed() {
    assertThat(CommandRun.of("rules", "lint", "nowhere").exitCode()).isEqualTo(2);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private CommandRun lint(String... more) {
    String[] arguments = new String[3 + more.length];
    arguments[0] = "rules";
    arguments[1] = "lint";
    arguments[2] = directory.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return CommandRun.of(arguments);
  }
}
