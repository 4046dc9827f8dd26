package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Import, export, history and diff against a real control API and Kafka; no job runs. */
class RulesKeptCommandIT {
  private static final String LOGON = "6d3c1d5a-7f43-4a53-9a39-0b1a5b1b6a01";

  @RegisterExtension static final RulesControl CONTROL = new RulesControl();

  @TempDir Path rules;
  @TempDir Path place;

  @Test
  void aDirectoryIsImportedDeployedComparedAndExported() throws Exception {
    RulesControl.write(rules.resolve("logon/a.yml"), LOGON, "EventID: 4625");
    RulesControl.write(
        rules.resolve("bad.yml"), LOGON.replace("6a01", "6a02"), "EventID|almost: 1");
    String directory = rules.toString();

    CommandRun refused = CONTROL.rules("import", directory);
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(1);
    assertThat(refused.out()).contains("error TW-E1203", "nothing was imported");
    assertThat(CONTROL.rules("import", directory, "--skip-refused", "--plan").out())
        .contains("Not imported: 1 rules, 1 of them new, 1 files refused");
    CommandRun imported = CONTROL.rules("import", directory, "--skip-refused");
    assertThat(imported.exitCode()).isEqualTo(1);
    assertThat(imported.out()).contains("1 of them new", "Refused: bad.yml");

    Files.delete(rules.resolve("bad.yml"));
    assertThat(CONTROL.rules("deploy", directory, "--comment", "first").exitCode()).isZero();
    RulesControl.write(rules.resolve("logon/a.yml"), LOGON, "EventID: 4626");
    assertThat(CONTROL.rules("deploy", directory).exitCode()).isZero();

    // Without a control database what is kept is what was read of Kafka.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> CONTROL.rules("status").out().contains("Revision 3,"));
    CommandRun diff = CONTROL.rules("diff", LOGON);
    assertThat(diff.exitCode()).as(diff.err()).isEqualTo(1);
    assertThat(diff.out())
        .contains("--- version 1", "+++ version 2", "-    EventID: 4625", "+    EventID: 4626")
        .contains("detection.selection.EventID: 4625 -> 4626");
    assertThat(CONTROL.rules("history", LOGON).out()).contains("version 2", "version 1");
    assertThat(CONTROL.rules("history", "none").exitCode()).isEqualTo(1);

    Path out = place.resolve("out");
    assertThat(CONTROL.rules("export", out.toString()).out()).contains("1 files of revision 3");
    assertThat(out.resolve("logon/a.yml")).hasSameTextualContentAs(rules.resolve("logon/a.yml"));
    assertThat(CONTROL.rules("export", out.toString()).err()).contains("is not empty");
    CommandRun sync = CONTROL.rules("sync", out.toString(), "--plan");
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
