package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewatch.control.AccessOptions;
import dev.tidewatch.control.ControlOptions;
import dev.tidewatch.control.ControlServer;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.store.ClickHouseEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Detection as code against a real control API and Kafka; no job runs. */
class RulesSyncCommandIT {
  private static final String LOGON = "6d3c1d5a-7f43-4a53-9a39-0b1a5b1b6a01";
  private static final String OTHER = "6d3c1d5a-7f43-4a53-9a39-0b1a5b1b6a02";

  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

  @TempDir Path rules;
  private ControlServer server;

  @BeforeEach
  void start() {
    Compilation none = new SigmaCompiler().compile(List.of());
    server =
        ControlServer.start(
            ControlOptions.builder(
                    ClickHouseEndpoint.of("http://127.0.0.1:1"),
                    KAFKA.bootstrapServers(),
                    () -> none)
                .access(AccessOptions.open())
                .build());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void write(String file, String id, String condition) throws IOException {
    Files.writeString(
        rules.resolve(file),
        """
        title: Logon %s
        id: %s
        logsource:
          product: windows
          service: security
        detection:
          selection:
            %s
          condition: selection
        """
            .formatted(file, id, condition));
  }

  private CommandRun sync(String... options) {
    List<String> arguments = new ArrayList<>(List.of("rules", "sync", rules.toString()));
    arguments.addAll(List.of("--control", "http://127.0.0.1:" + server.port()));
    arguments.addAll(List.of(options));
    return CommandRun.of(arguments.toArray(new String[0]));
  }

  @Test
  void aDirectoryIsPlannedAppliedChangedAndTakenBack() throws Exception {
    write("a.yml", LOGON, "EventID: 4625");
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

    write("a.yml", LOGON, "EventID|almost: 4625");
    CommandRun wrong = sync();
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.out()).contains("a.yml:8:", "error TW-E1203", "Nothing was changed");
    assertThat(sync("--plan").exitCode()).isEqualTo(1);

    write("a.yml", LOGON, "EventID: 4626");
    write("b.yml", OTHER, "EventID: 4624");
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
