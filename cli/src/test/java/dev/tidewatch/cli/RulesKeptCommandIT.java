package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Import, export, history and diff against a real control API and Kafka; no job runs. */
class RulesKeptCommandIT {
  private static final String LOGON = "6d3c1d5a-7f43-4a53-9a39-0b1a5b1b6a01";

  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

  @TempDir Path rules;
  @TempDir Path place;
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
    Path path = rules.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(
        path,
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

  private CommandRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("rules"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--control", "http://127.0.0.1:" + server.port()));
    return CommandRun.of(all.toArray(new String[0]));
  }

  @Test
  void aDirectoryIsImportedDeployedComparedAndExported() throws Exception {
    write("logon/a.yml", LOGON, "EventID: 4625");
    write("bad.yml", LOGON.replace("6a01", "6a02"), "EventID|almost: 1");
    String directory = rules.toString();

    CommandRun refused = run("import", directory);
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(1);
    assertThat(refused.out()).contains("error TW-E1203", "nothing was imported");
    assertThat(run("import", directory, "--skip-refused", "--plan").out())
        .contains("Not imported: 1 rules, 1 of them new, 1 files refused");
    CommandRun imported = run("import", directory, "--skip-refused");
    assertThat(imported.exitCode()).isEqualTo(1);
    assertThat(imported.out()).contains("1 of them new", "Refused: bad.yml");

    Files.delete(rules.resolve("bad.yml"));
    assertThat(run("deploy", directory, "--comment", "first").exitCode()).isZero();
    write("logon/a.yml", LOGON, "EventID: 4626");
    assertThat(run("deploy", directory).exitCode()).isZero();

    // Without a control database what is kept is what was read of Kafka.
    await().atMost(Duration.ofSeconds(30)).until(() -> run("status").out().contains("Revision 3,"));
    CommandRun diff = run("diff", LOGON);
    assertThat(diff.exitCode()).as(diff.err()).isEqualTo(1);
    assertThat(diff.out())
        .contains("--- version 1", "+++ version 2", "-    EventID: 4625", "+    EventID: 4626")
        .contains("detection.selection.EventID: 4625 -> 4626");
    assertThat(run("history", LOGON).out()).contains("version 2", "version 1");
    assertThat(run("history", "none").exitCode()).isEqualTo(1);

    Path out = place.resolve("out");
    assertThat(run("export", out.toString()).out()).contains("1 files of revision 3");
    assertThat(out.resolve("logon/a.yml")).hasSameTextualContentAs(rules.resolve("logon/a.yml"));
    assertThat(run("export", out.toString()).err()).contains("is not empty");
    CommandRun sync = run("sync", out.toString(), "--plan");
    assertThat(sync.exitCode()).as(sync.out()).isZero();
  }

  @Test
  void largeDirectoriesGoInPartsThatFit() throws Exception {
    List<dev.tidewatch.sigma.RuleSource> sources = new ArrayList<>();
    java.util.Random random = new java.util.Random(7);
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder();
      for (int c = 0; c < 10_000; c++) {
        text.append((char) ('a' + random.nextInt(26)));
      }
      sources.add(new dev.tidewatch.sigma.RuleSource(i + ".yml", text.toString()));
    }
    List<RulesImportCommand.RuleZip> parts = RulesImportCommand.RuleZip.parts(sources);
    assertThat(parts).hasSizeGreaterThan(1).allMatch(part -> part.bytes().length <= 500_000);
    assertThat(parts.stream().flatMap(part -> part.files().stream())).hasSize(300);
  }
}
