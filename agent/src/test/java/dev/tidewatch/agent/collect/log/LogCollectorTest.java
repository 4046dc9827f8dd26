package dev.tidewatch.agent.collect.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.agent.collect.RecordingSink;
import dev.tidewatch.agent.collect.RunningCollector;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class LogCollectorTest {
  @TempDir Path directory;
  private final RecordingSink sink = new RecordingSink();

  private RunningCollector start() {
    return start(true);
  }

  private RunningCollector start(boolean fromBeginning) {
    LogOptions options =
        LogOptions.of(
                List.of(directory.resolve("app.log").toString()), directory.resolve("positions"))
            .withFromBeginning(fromBeginning)
            .withIntervals(Duration.ofMillis(10), Duration.ofMillis(50));
    return new RunningCollector(new LogCollector("logs", options), sink.emitter("logs"));
  }

  private void append(String text) throws IOException {
    Files.write(
        directory.resolve("app.log"),
        text.getBytes(UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private List<String> messages() {
    return sink.payloads().stream()
        .map(json -> json.replaceFirst(".*\"message\":\"([^\"]*)\".*", "$1"))
        .toList();
  }

  private void awaitMessages(String... expected) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(messages()).containsExactly(expected));
  }

  @Test
  void readsWholeLinesAndGoesOnAfterARestart() throws Exception {
    append("one\ntwo\nhal");
    try (RunningCollector running = start()) {
      awaitMessages("one", "two");
      append("f\r\nthree\n");
      awaitMessages("one", "two", "half", "three");
    }
    append("while away\n");
    try (RunningCollector running = start()) {
      awaitMessages("one", "two", "half", "three", "while away");
      assertThat(running.failure()).isNull();
    }
  }

  @Test
  void followsARotationAndReadsTheOldFileToItsEnd() throws Exception {
    append("one\n");
    try (RunningCollector running = start()) {
      awaitMessages("one");
      Path log = directory.resolve("app.log");
      Path old = directory.resolve("app.log.1");
      // In one step, so that a pause of this test is none between the two files.
      Files.createLink(old, log);
      Files.write(old, "late\nno newline".getBytes(UTF_8), StandardOpenOption.APPEND);
      Path fresh = Files.writeString(directory.resolve("fresh"), "new\n");
      Files.move(fresh, log, StandardCopyOption.REPLACE_EXISTING);
      awaitMessages("one", "late", "no newline", "new");
      assertThat(running.failure()).isNull();
    }
  }

  @Test
  void readsTheRestOfAFileThatWasRotatedWhileItWasAway() throws Exception {
    append("one\n");
    try (RunningCollector running = start()) {
      awaitMessages("one");
    }
    append("two\n");
    Files.move(directory.resolve("app.log"), directory.resolve("app.log.1"));
    append("three\n");
    try (RunningCollector running = start()) {
      awaitMessages("one", "two", "three");
      assertThat(running.failure()).isNull();
    }
  }

  @Test
  void seesTruncationAlsoWhenTheFileHasGrownAgain() throws Exception {
    append("one\ntwo\n");
    try (RunningCollector running = start()) {
      awaitMessages("one", "two");
      Files.writeString(directory.resolve("app.log"), "x\n");
      awaitMessages("one", "two", "x");
      Files.writeString(directory.resolve("app.log"), "a much longer first line\nsecond\n");
      awaitMessages("one", "two", "x", "a much longer first line", "second");
      assertThat(running.failure()).isNull();
    }
  }

  /** As after a loss of power: the file is there, and there is nothing in it that can be read. */
  @ParameterizedTest
  @ValueSource(strings = {"", "8:1\tx", "1\tx\ty\tz\t/app.log\n"})
  void readsRatherTwiceThanNeverWhenItsPositionsAreDamaged(String damaged) throws Exception {
    Files.writeString(directory.resolve("positions"), damaged);
    append("one\n");
    try (RunningCollector running = start(false)) {
      awaitMessages("one");
      assertThat(running.failure()).isNull();
    }
  }

  @Test
  void followsAReplacedFile() throws Exception {
    append("one\n");
    try (RunningCollector running = start()) {
      awaitMessages("one");
      Path fresh = Files.writeString(directory.resolve("fresh"), "other\n");
      Files.move(fresh, directory.resolve("app.log"), StandardCopyOption.REPLACE_EXISTING);
      awaitMessages("one", "other");
      assertThat(running.failure()).isNull();
    }
  }

  @Test
  void takesBinaryForText() throws Exception {
    byte[] bytes = {'a', 0, (byte) 0xff, (byte) 0xfe, 27, '[', 'b', '\n', 'o', 'k', '\n'};
    Files.write(directory.resolve("app.log"), bytes);
    try (RunningCollector running = start()) {
      await().atMost(Duration.ofSeconds(30)).until(() -> sink.events().size() == 2);
      assertThat(sink.payloads().get(0)).contains("a\\u0000\ufffd\ufffd\\u001B[b");
      assertThat(running.failure()).isNull();
    }
  }

  /** 1 GB at night. What the collector allocates does not depend on how long a line is. */
  @Test
  void aHugeLineCostsTimeNotMemory() throws Exception {
    long size = Boolean.getBoolean("tidewatch.nightly") ? 1L << 30 : 50L << 20;
    append("before\n" + "x".repeat(100_000));
    Path file = directory.resolve("app.log");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(size);
    }
    append("\nafter\n");
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    LogOptions options =
        LogOptions.of(List.of(file.toString()), directory.resolve("positions"))
            .withFromBeginning(true)
            .withIntervals(Duration.ofMillis(10), Duration.ofMillis(50));
    LogCollector collector = new LogCollector("logs", options);
    Thread reading =
        new Thread(
            () -> {
              try {
                collector.run(sink.emitter("logs"));
              } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    reading.start();
    try {
      await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> sink.payloads().stream().anyMatch(json -> json.contains("\"after\"")));
      assertThat(threads.getThreadAllocatedBytes(reading.getId())).isLessThan(16L << 20);
    } finally {
      reading.interrupt();
      reading.join();
    }
    assertThat(sink.events()).hasSize(3);
    assertThat(sink.payloads().get(1)).contains("\"truncated\":\"true\"").contains("xxxxx");
    assertThat(sink.events().get(1).getPayload().size()).isLessThan(100_000);
  }
}
