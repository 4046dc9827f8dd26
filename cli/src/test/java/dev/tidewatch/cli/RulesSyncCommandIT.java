package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Detection as code against a real control API and Kafka; no job runs. */
class RulesSyncCommandIT {
  private static final String LOGON = "6d3c1d5a-7f43-4a53-9a39-0b1a5b1b6a01";
  private static final String OTHER = "6d3c1d5a-7f43-4a53-9a39-0b1a5b1b6a02";

  @RegisterExtension static final RulesControl CONTROL = new RulesControl();

  @TempDir Path rules;

  private CommandRun sync(String... options) {
    return CONTROL.rules(
        Stream.concat(Stream.of("sync", rules.toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  @Test
  void aDirectoryIsPlannedAppliedChangedAndTakenBack() throws Exception {
    RulesControl.write(rules.resolve("a.yml"), LOGON, "EventID: 4625");
    CommandRun plan = sync("--plan");
    assertThat(plan.exitCode()).as(plan.err()).isEqualTo(2);
    assertThat(plan.out())
        .contains("+ create  " + LOGON + " Logon a.yml  version 1")
        .contains("1 to create, 0 to update, 0 to retire, 0 unchanged")
        .contains("Not applied. Revision 0 is in force");

    CommandRun applied = sync();
    assertThat(applied.exitCode()).as(applied.err()).isZero();
    assertThat(applied.out()).contains("Applied, revision 1");
    assertThat(sync("--plan").exitCode()).isZero();
    assertThat(sync().out()).contains("1 unchanged", "Nothing to do, revision 1");

    RulesControl.write(rules.resolve("a.yml"), LOGON, "EventID|almost: 4625");
    CommandRun wrong = sync();
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.out()).contains("a.yml:8:", "error TW-E1203", "Nothing was changed");
    assertThat(sync("--plan").exitCode()).isEqualTo(1);

    RulesControl.write(rules.resolve("a.yml"), LOGON, "EventID: 4626");
    RulesControl.write(rules.resolve("b.yml"), OTHER, "EventID: 4624");
    assertThat(sync("--if-revision", "7").exitCode()).isEqualTo(3);
    assertThat(sync("--if-revision", "7").err()).contains("409");
    assertThat(sync("--if-revision", "1").out())
        .contains("~ update  " + LOGON + " Logon a.yml  version 1 -> 2")
        .contains("+ create  " + OTHER, "Applied, revision 2");

    Files.delete(rules.resolve("a.yml"));
    CommandRun json = sync("--plan", "--format", "json");
    assertThat(json.exitCode()).isEqualTo(2);
    JsonNode root = new ObjectMapper().readTree(json.out());
    assertThat(root.path("applied").asBoolean(true)).isFalse();
    assertThat(root.path("retire").asInt()).isEqualTo(1);
    assertThat(root.path("unchanged").asInt()).isEqualTo(1);
    assertThat(root.path("rules").findValuesAsText("action"))
        .containsExactly("unchanged", "retire");
    assertThat(root.path("rules").path(1).path("id").asText()).isEqualTo(LOGON);
    assertThat(sync().out())
        .contains("- retire  " + LOGON + " Logon a.yml  version 2", "Applied, revision 3");
    assertThat(sync("--plan").exitCode()).isZero();
  }

  @Test
  void whatIsNoDirectoryOfRulesRetiresNothing() throws Exception {
    CommandRun empty = sync();
    assertThat(empty.exitCode()).isEqualTo(2);
    assertThat(empty.err()).contains("no rule files in");
    assertThat(CommandRun.of("rules", "sync", rules.resolve("none").toString()).err())
        .contains("no such directory");
  }
}
