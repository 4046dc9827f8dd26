package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class RulesTestCommandTest {
  private static final String RULE =
      """
      title: Log cleared
      id: 5d1f2c5e-9a1e-4a0b-8a5e-0c41f1f1a001
      level: high
      logsource:
        product: windows
        service: security
      detection:
        cleared:
          EventID: 1102
        condition: cleared
      """;
  private static final String TESTS =
      """
      should-match:
        - name: cleared
          event: {Channel: Security, EventID: 1102}
      should-not-match:
        - name: logged on
          event: {Channel: Security, EventID: 4624}
      """;

  @TempDir Path directory;

  @Test
  void theStarterPackPasses() {
    CommandRun run = CommandRun.of("rules", "test", Installation.starterRules().toString());

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).contains(" 0 failed", " 0 without tests");
  }

  @Test
  void aTestsFileARuleFileAndADirectoryAreTheSame() throws IOException {
    Path rule = write("cleared.yml", RULE);
    Path tests = write("cleared.tests.yml", TESTS);
    for (Path path : new Path[] {rule, tests, directory}) {
      CommandRun run = CommandRun.of("rules", "test", path.toString());
      assertThat(run.exitCode()).as(run.out()).isZero();
      assertThat(run.out()).contains("1 rule files, 0 without tests; 2 events: 2 passed, 0 failed");
    }
    CommandRun all =
        CommandRun.of("rules", "test", directory.toString(), rule.toString(), tests.toString());
    assertThat(all.out()).contains("2 events: 2 passed");
  }

  @Test
  void aFailureIsExplained() throws IOException {
    write("cleared.yml", RULE.replace("1102", "1103"));
    write("cleared.tests.yml", TESTS.replace("name: cleared", "name: \"cl\\e[2Jeared\""));

    CommandRun run = CommandRun.of("rules", "test", directory.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "cleared.tests.yml:2: cl\\u{1b}[2Jeared: should match, and does not",
            "✗ EventID equals '1103'  event: '1102'  (the value differs)",
            "1 passed, 1 failed")
        .doesNotContain("\u001b");
  }

  @Test
  void whatCannotBeTestedFails() throws IOException {
    write("refused.yml", RULE.replace("condition: cleared", "condition: clear"));
    write("refused.tests.yml", TESTS);
    write("orphan.tests.yml", TESTS);
    write("untested.yml", RULE.replace("a001", "a002"));

    CommandRun run = CommandRun.of("rules", "test", directory.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("TW-E1302", "there is no rule file beside these tests", "1 without tests")
        .contains("3 failed");
  }

  @Test
  void noTestsAtAllIsNoSuccess() throws IOException {
    write("untested.yml", RULE);

    assertThat(CommandRun.of("rules", "test", directory.toString()).exitCode()).isEqualTo(1);
    assertThat(CommandRun.of("rules", "test", "nowhere").err()).contains("nowhere: no such file");
  }

  @Test
  void junitXmlAndJsonHoldEveryEvent() throws Exception {
    write("cleared.yml", RULE.replace("1102", "1103"));
    write("cleared.tests.yml", TESTS.replace("name: cleared", "name: \"<\\0&\\e>\""));
    Path xml = directory.resolve("out/junit.xml");

    CommandRun run =
        CommandRun.of(
            "rules", "test", directory.toString(), "--junit", xml.toString(), "--format", "json");

    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.at("/summary/failed").asInt()).isEqualTo(1);
    assertThat(json.at("/files/0/events/0/passed").asBoolean()).isFalse();
    assertThat(json.at("/files/0/events/1/expected").asText()).isEqualTo("no-match");
    Document document =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml.toFile());
    Element suite = (Element) document.getElementsByTagName("testsuite").item(0);
    assertThat(suite.getAttribute("tests")).isEqualTo("2");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    Element failed = (Element) document.getElementsByTagName("testcase").item(0);
    assertThat(failed.getAttribute("name")).isEqualTo("matches: <\ufffd&\ufffd>");
    assertThat(failed.getElementsByTagName("failure").getLength()).isEqualTo(1);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
