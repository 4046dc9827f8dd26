package dev.tidewatch.agent.collect.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidewatch.agent.collect.RecordingSink;
import dev.tidewatch.agent.collect.RunningCollector;
import dev.tidewatch.agent.collect.kernel.ExecWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ProcessCollectorTest {
  private final RecordingSink sink = new RecordingSink();

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  private List<String> with(String category, String marker) {
    // Not in the command line of its parent.
    String own = ",\"CommandLine\":\"[^\"]*" + java.util.regex.Pattern.quote(marker);
    var pattern = java.util.regex.Pattern.compile(own);
    return sink.of(category).stream().filter(json -> pattern.matcher(json).find()).toList();
  }

  /** Without a sign of life it is not known whether the collector listens yet. */
  private void awaitListening(String marker) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              run("/bin/sh", "-c", "sleep 0.1; : awake-" + marker);
              return !with("process_creation", "awake-" + marker).isEmpty();
            });
  }

  @Test
  void seesShortLivedProcessesThroughTheConnector() throws Exception {
    boolean permitted = true;
    try (ProcessConnector connector = ProcessConnector.open()) {
      assertThat(connector.receive()).isNotNull();
    } catch (IOException e) {
      permitted = false;
    }
    assumeTrue(permitted, "the process connector is not permitted here");
    String marker = UUID.randomUUID().toString();
    try (RunningCollector running =
        new RunningCollector(
            new ProcessCollector(ProcessOptions.DEFAULT), sink.emitter("process"))) {
      awaitListening(marker);
      sink.clear();
      // Gone within a millisecond: the kernel tells of each, whether or not it can still be read.
      for (int i = 0; i < 20; i++) {
        run("/bin/true");
      }
      String child = "\"ParentProcessId\":" + ProcessHandle.current().pid();
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  sink.of("process_creation").stream().filter(j -> j.contains(child)).count()
                      >= 20);
      boolean sees;
      try (ExecWatch watch = ExecWatch.open(Set.of("/bin"))) {
        sees = watch.next() != null;
      } catch (IOException e) {
        sees = false;
      }
      if (sees) {
        assertThat(sink.of("process_creation").stream().filter(j -> j.contains(child)))
            .as("fanotify knows the program though /proc has forgotten it")
            .allSatisfy(json -> assertThat(json).containsPattern("\"Image\":\"[^\"]+\""));
      }
      Process process = new ProcessBuilder("/bin/sh", "-c", "read line; : x" + marker).start();
      await().until(() -> with("process_creation", "x" + marker).size() == 1);
      process.getOutputStream().close();
      await().until(() -> with("process_termination", "x" + marker).size() == 1);
      assertThat(running.failure()).isNull();
    }
    assertThat(with("process_creation", "x" + marker).get(0))
        .contains("\"CommandLine\":\"/bin/sh -c read line; : x" + marker + "\"")
        .contains("\"ParentProcessId\":" + ProcessHandle.current().pid())
        .containsPattern("\"Image\":\"/[^\"]*sh\"")
        .containsPattern("\"ParentImage\":\"[^\"]*java\"")
        .containsPattern("\"User\":\"[a-z]")
        .containsPattern("\"CurrentDirectory\":\"/")
        .containsPattern("\"Hashes\":\"SHA256=[0-9a-f]{64}\"");
    assertThat(with("process_termination", "x" + marker).get(0)).contains("\"ExitCode\":0");
  }

  @Test
  void seesLongerLivedProcessesByPolling() throws Exception {
    ProcessOptions polling =
        new ProcessOptions(
            false, Duration.ofMillis(30), true, 1000, 0, Path.of("/proc"), Path.of("/etc/passwd"));
    String marker = UUID.randomUUID().toString();
    try (RunningCollector running =
        new RunningCollector(new ProcessCollector(polling), sink.emitter("process"))) {
      awaitListening(marker);
      Process process = new ProcessBuilder("/bin/sh", "-c", "read line; : x" + marker).start();
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(with("process_creation", "x" + marker))
                      .as("%s of %s", running.failure(), sink.payloads().size())
                      .hasSize(1));
      process.destroyForcibly();
      await().until(() -> with("process_termination", "x" + marker).size() == 1);
      assertThat(with("process_creation", "x" + marker).get(0)).doesNotContain("Hashes");
      assertThat(running.failure()).isNull();
    }
  }

  @Test
  void readsWhatAProcessIs(@TempDir Path proc) throws Exception {
    Path process = Files.createDirectories(proc.resolve("42"));
    Files.write(process.resolve("cmdline"), "curl\0-s\0http://x/\0\0".getBytes("UTF-8"));
    Files.writeString(
        process.resolve("status"), "Name:\tcurl\nPid:\t42\nPPid:\t7\nUid:\t33\t33\t33\t33\n");
    Files.createSymbolicLink(process.resolve("exe"), Path.of("/tmp/gone (deleted)"));
    Files.createSymbolicLink(process.resolve("cwd"), Path.of("/tmp"));
    ProcessInfo info = new ProcFs(proc, 1000).read(42, 5).orElseThrow();
    assertThat(info)
        .isEqualTo(new ProcessInfo(42, 7, 33, -1, "/tmp/gone", "curl -s http://x/", "/tmp", 5));
    assertThat(new ProcFs(proc, 6).read(42, 5).orElseThrow().commandLine()).isEqualTo("curl -");
    assertThat(new ProcFs(proc, 1000).read(43, 5)).isEmpty();
  }

  @Test
  void readsTheStartBehindAnyName(@TempDir Path proc) throws Exception {
    Path process = Files.createDirectories(proc.resolve("42"));
    Files.writeString(
        process.resolve("stat"),
        "42 (a) b) S 1 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 777 1000 1 2\n");
    assertThat(new ProcFs(proc, 10).startTicks(42)).isEqualTo(777);
  }
}
