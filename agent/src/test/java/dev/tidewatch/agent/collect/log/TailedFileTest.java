package dev.tidewatch.agent.collect.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Rotations, to the nanosecond. */
@EnabledOnOs(OS.LINUX)
class TailedFileTest {
  private static final Duration QUIET = Duration.ofSeconds(2);

  @TempDir Path directory;
  private final List<String> lines = new ArrayList<>();
  private long now;
  private Path log;
  private Path old;

  @BeforeEach
  void paths() {
    log = directory.resolve("app.log");
    old = directory.resolve("app.log.1");
  }

  private TailedFile tail() {
    return new TailedFile(log, 1000, QUIET, () -> now);
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void read(TailedFile tail) throws Exception {
    for (boolean more = true; more; ) {
      more = tail.read((line, cut) -> lines.add(line), 1 << 20);
    }
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private void rotate() throws IOException {
    Files.move(log, old);
    append(log, "new\n");
  }

  @Test
  void takesWhatIsWrittenToTheOldFileAfterTheRotation() throws Exception {
    append(log, "one\n");
    try (TailedFile tail = tail()) {
      read(tail);
      rotate();
      read(tail);
      // Who writes it has not been told yet.
      append(old, "late\n");
      pass(QUIET.minusNanos(1));
      read(tail);
      append(old, "later, without a line break");
      pass(QUIET.minusNanos(1));
      read(tail);
      assertThat(lines).containsExactly("one", "late");
      pass(QUIET);
      read(tail);
      assertThat(lines).containsExactly("one", "late", "later, without a line break", "new");
    }
  }

  @Test
  void turnsToTheNewFileThoughSomebodyGoesOnWithTheOldOne() throws Exception {
    append(log, "one\n");
    try (TailedFile tail = tail()) {
      read(tail);
      rotate();
      for (int i = 0; i < 16; i++) {
        read(tail);
        append(old, "on and on\n");
        pass(QUIET);
      }
      read(tail);
      assertThat(lines).endsWith("on and on", "new");
    }
  }

  @Test
  void waitsForNothingWhereNothingWasRotated() throws Exception {
    append(log, "one\n");
    try (TailedFile tail = tail()) {
      read(tail);
      Files.move(log, old);
      read(tail);
      Files.move(old, log);
      pass(QUIET);
      append(log, "two\n");
      read(tail);
      assertThat(lines).containsExactly("one", "two");
    }
  }

  /** Its last position is in a file that has another name by now and may still be written to. */
  @Test
  void goesOnInTheRotatedFileAfterARestart() throws Exception {
    append(log, "one\n");
    Positions.Position position;
    try (TailedFile tail = tail()) {
      read(tail);
      position = tail.position();
    }
    append(log, "two\n");
    rotate();
    try (TailedFile tail = tail()) {
      assertThat(tail.resume(log, position)).isFalse();
      assertThat(tail.resume(old, position)).isTrue();
      read(tail);
      append(old, "three\n");
      read(tail);
      assertThat(lines).containsExactly("one", "two", "three");
      assertThat(tail.position().fileKey()).isEqualTo(position.fileKey());
      pass(QUIET);
      read(tail);
      assertThat(lines).containsExactly("one", "two", "three", "new");
      assertThat(tail.position().fileKey()).isNotEqualTo(position.fileKey());
    }
  }
}
