package dev.tidewatch.agent.collect.file;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidewatch.agent.collect.RecordingSink;
import dev.tidewatch.agent.collect.RunningCollector;
import dev.tidewatch.agent.collect.process.ProcessCollector;
import dev.tidewatch.agent.collect.process.ProcessOptions;
import dev.tidewatch.agent.collect.process.RecentProcesses;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class FileCollectorTest {
  private static final String HELLO =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  @TempDir Path directory;
  @TempDir Path state;
  private final RecordingSink sink = new RecordingSink();

  private final RecentProcesses recent = new RecentProcesses();
  private final AtomicInteger changes = new AtomicInteger();
  private boolean who;

  private RunningCollector start(String... globs) throws IOException {
    Path root = directory.toRealPath();
    List<WatchedGlob> watch =
        List.of(globs).stream().map(glob -> WatchedGlob.of(root + "/" + glob)).toList();
    FileOptions usual = FileOptions.of(watch, state.resolve("baseline"));
    FileOptions fast =
        new FileOptions(
            watch,
            List.of(WatchedGlob.of("**/*.swp")),
            Duration.ofMillis(20),
            usual.maxHashBytes(),
            usual.maxDirectories(),
            usual.maxFiles(),
            usual.baseline(),
            who,
            usual.proc(),
            usual.passwd());
    RunningCollector running =
        new RunningCollector(new FileCollector(fast, recent), sink.emitter("file"));
    await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(state.resolve("baseline")));
    return running;
  }

  private void awaitOne(String category, String name) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> sink.of(category).stream().anyMatch(json -> json.contains(name)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellsOfNewChangedAndDeletedFiles(boolean asksWho) throws Exception {
    who = asksWho;
    try (RunningCollector running = start("**")) {
      Path file = directory.resolve("conf");
      Files.writeString(file, "hello");
      awaitOne("file_event", "/conf\"");
      assertThat(sink.of("file_event"))
          .anySatisfy(
              json ->
                  assertThat(json)
                      .contains("/conf\"")
                      .contains("\"Hashes\":\"SHA256=" + HELLO)
                      .contains("\"FileMode\":\"rw-"));
      Files.writeString(file, "changed");
      awaitOne("file_change", "\"PreviousHashes\":\"SHA256=" + HELLO);
      Files.delete(file);
      awaitOne("file_delete", "/conf\"");
      assertThat(running.failure()).isNull();
    }
  }

  @Test
  void tellsOfAFileThatIsNeverQuiet() throws Exception {
    try (RunningCollector running = start("**")) {
      Path file = directory.resolve("busy");
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(2))
          .until(
              () -> {
                Files.writeString(file, "x", CREATE, APPEND);
                return sink.of("file_event").stream().anyMatch(json -> json.contains("/busy\""));
              });
      assertThat(running.failure()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void followsNewDirectoriesAndLeavesOutWhatIsIgnored(boolean asksWho) throws Exception {
    who = asksWho;
    try (RunningCollector running = start("**")) {
      Path deep = Files.createDirectories(directory.resolve("a/b/c"));
      Files.writeString(deep.resolve("x.swp"), "no");
      Files.writeString(deep.resolve("x.conf"), "yes");
      awaitOne("file_event", "/a/b/c/x.conf\"");
      Files.writeString(deep.resolve("later.conf"), "yes");
      awaitOne("file_event", "/a/b/c/later.conf\"");
      assertThat(sink.payloads()).noneMatch(json -> json.contains(".swp"));
      assertThat(running.failure()).isNull();
    }
  }

  /** Of {@code touch} only its number is heard, after it has ended: the process collector knows. */
  @Test
  void saysWhoItWasAlsoWhenThatHasEnded() throws Exception {
    try (FanotifyWatch probe = FanotifyWatch.open(directory.getFileSystem())) {
      probe.add(directory);
    } catch (IOException e) {
      assumeTrue(false, e.getMessage());
    }
    who = true;
    ProcessCollector processes = new ProcessCollector(ProcessOptions.DEFAULT, recent);
    try (RunningCollector files = start("**");
        RunningCollector started =
            new RunningCollector(processes, new RecordingSink().emitter("process"))) {
      awaitTold(
          file -> run("/usr/bin/touch", file),
          json -> json.contains("\"Image\":\"") && json.contains("/touch\",\"CommandLine\":\""));
      awaitTold(
          file -> run("/bin/sh", "-c", "sleep 0.1; echo hello > " + file),
          json ->
              json.contains("sh\",\"CommandLine\":\"/bin/sh -c sleep")
                  && json.contains("\"User\":\""));
      assertThat(files.failure()).isNull();
      assertThat(started.failure()).isNull();
    }
  }

  private interface Change {
    void of(String file) throws IOException, InterruptedException;
  }

  /**
   * Until it has been told as expected once: the process collector hears of what starts once it
   * runs. Each time a file of its own: one that goes and comes back the same has not changed.
   */
  private void awaitTold(Change change, Predicate<String> expected) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              change.of(directory.resolve("changed-" + changes.incrementAndGet()).toString());
              return sink.of("file_event").stream()
                  .anyMatch(json -> json.contains("/changed-") && expected.test(json));
            });
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  @Test
  void readsAnythingAsAMessageOfFanotify() {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(120)];
      random.nextBytes(bytes);
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
      if (bytes.length >= 48) {
        buffer.putInt(0, random.nextInt(bytes.length + 8)).putShort(6, (short) 24);
        buffer.put(24, (byte) 2).putShort(26, (short) random.nextInt(bytes.length));
        buffer.putInt(36, random.nextInt(40) - 4);
      }
      assertThat(FanotifyMessage.parse(buffer, bytes.length)).isNotNull();
    }
  }

  @Test
  void seesWhatChangedWhileItWasAway() throws Exception {
    Path kept = Files.writeString(directory.resolve("kept"), "same");
    Path changed = Files.writeString(directory.resolve("changed"), "before");
    Path gone = Files.writeString(directory.resolve("gone"), "x");
    start("**").close();
    sink.clear();
    Files.writeString(changed, "after!");
    Files.delete(gone);
    Files.writeString(directory.resolve("fresh"), "x");
    try (RunningCollector running = start("**")) {
      awaitOne("file_change", "/changed\"");
      awaitOne("file_delete", "/gone\"");
      awaitOne("file_event", "/fresh\"");
      assertThat(sink.payloads()).noneMatch(json -> json.contains(kept.getFileName() + "\""));
      assertThat(running.failure()).isNull();
    }
  }

  @Test
  void globsKnowHowDeepTheyReach() {
    WatchedGlob shallow = WatchedGlob.of("/etc/*");
    assertThat(shallow.reaches(Path.of("/etc"))).isTrue();
    assertThat(shallow.reaches(Path.of("/etc/ssh"))).isFalse();
    WatchedGlob homes = WatchedGlob.of("/home/*/.ssh/*");
    assertThat(homes.reaches(Path.of("/home/ann/.ssh"))).isTrue();
    assertThat(homes.matches(Path.of("/home/ann/.ssh/authorized_keys"))).isTrue();
    assertThat(homes.matches(Path.of("/home/ann/x"))).isFalse();
    assertThat(WatchedGlob.of("/etc/**").reaches(Path.of("/etc/a/b/c"))).isTrue();
  }
}
