package dev.tidewatch.agent.collect.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.agent.collect.RecordingSink;
import dev.tidewatch.agent.collect.RunningCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class FileCollectorTest {
  private static final String HELLO =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  @TempDir Path directory;
  @TempDir Path state;
  private final RecordingSink sink = new RecordingSink();

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
            usual.baseline());
    RunningCollector running = new RunningCollector(new FileCollector(fast), sink.emitter("file"));
    await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(state.resolve("baseline")));
    return running;
  }

  private void awaitOne(String category, String name) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> sink.of(category).stream().anyMatch(json -> json.contains(name)));
  }

  @Test
  void tellsOfNewChangedAndDeletedFiles() throws Exception {
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
  void followsNewDirectoriesAndLeavesOutWhatIsIgnored() throws Exception {
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
