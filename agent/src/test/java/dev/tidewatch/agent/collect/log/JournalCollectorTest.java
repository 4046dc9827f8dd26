package dev.tidewatch.agent.collect.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.agent.collect.RecordingSink;
import dev.tidewatch.agent.collect.RunningCollector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Against a stand-in that prints what journalctl prints, and the arguments it got. */
@EnabledOnOs(OS.LINUX)
class JournalCollectorTest {
  @TempDir Path directory;

  @Test
  void takesRecordsAndGoesOnBehindItsCursor() throws Exception {
    Path journalctl =
        Files.writeString(
            directory.resolve("journalctl"),
            """
            #!/bin/sh
            echo "$@" >> %s/arguments
            echo '{"__CURSOR":"s=1;i=7","SYSLOG_IDENTIFIER":"sshd","MESSAGE":"hello"}'
            head -c 5000 /dev/zero | tr '\\0' x
            echo
            exec sleep 60
            """
                .formatted(directory));
    Files.setPosixFilePermissions(journalctl, PosixFilePermissions.fromString("rwx------"));
    for (int round = 0; round < 2; round++) {
      RecordingSink sink = new RecordingSink();
      JournalCollector collector =
          new JournalCollector(journalctl, directory.resolve("cursor"), 4000);
      var emitter = sink.emitter("journal");
      try (RunningCollector running = new RunningCollector(collector, emitter)) {
        await().until(() -> Files.exists(directory.resolve("cursor")));
        await().until(() -> emitter.dropped() == 1);
        assertThat(sink.payloads()).hasSize(1);
        assertThat(running.failure()).isNull();
      }
    }
    assertThat(Files.readString(directory.resolve("cursor"))).isEqualTo("s=1;i=7");
    assertThat(Files.readAllLines(directory.resolve("arguments")).get(0)).contains("--lines=0");
    assertThat(Files.readAllLines(directory.resolve("arguments")).get(1))
        .contains("--after-cursor=s=1;i=7");
  }
}
