package dev.tidewatch.agent.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  private static final SpoolOptions SMALL =
      SpoolOptions.DEFAULT.withSizes(4096, 1024, 400).withFsync(FsyncPolicy.NEVER);

  @TempDir Path directory;
  private final ManualTime time = new ManualTime();

  private Spool open(SpoolOptions options) throws IOException {
    return Spool.open(directory, options, time, time::nanos);
  }

  private static List<String> texts(List<SpoolRecord> records) {
    return records.stream().map(r -> r.sequence() + ":" + new String(r.bytes(), UTF_8)).toList();
  }

  private static void append(Spool spool, String text) throws IOException, InterruptedException {
    long unused = spool.append(text.getBytes(UTF_8), 1);
  }

  @Test
  void keepsOrderAcrossSegmentsAndRestarts() throws Exception {
    try (Spool spool = open(SMALL)) {
      for (int i = 1; i <= 5; i++) {
        append(spool, "x".repeat(300) + i);
      }
    }
    try (Spool spool = open(SMALL)) {
      append(spool, "six");
      List<SpoolRecord> records = spool.read(1, 100, 1 << 20);
      assertThat(records).extracting(SpoolRecord::sequence).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      assertThat(new String(records.get(4).bytes(), UTF_8)).endsWith("x5");
      assertThat(records.get(0).timeMillis()).isEqualTo(time.millis());
    }
  }

  @Test
  void readsByCountAndBytesButAlwaysOne() throws Exception {
    try (Spool spool = open(SMALL)) {
      append(spool, "aaaa");
      append(spool, "bbbb");
      append(spool, "cccc");
      assertThat(texts(spool.read(1, 2, 1 << 20))).containsExactly("1:aaaa", "2:bbbb");
      assertThat(texts(spool.read(2, 9, 1))).containsExactly("2:bbbb");
      assertThat(spool.read(4, 9, 99)).isEmpty();
    }
  }

  @Test
  void forgetsWhatIsAcknowledgedAlsoAfterARestart() throws Exception {
    try (Spool spool = open(SMALL)) {
      append(spool, "one");
      append(spool, "two");
      append(spool, "three");
      spool.acknowledge(2);
      spool.acknowledge(1);
      assertThat(spool.acknowledged()).isEqualTo(2);
    }
    try (Spool spool = open(SMALL)) {
      assertThat(texts(spool.read(1, 9, 99))).containsExactly("3:three");
      spool.acknowledge(3);
    }
    try (Spool spool = open(SMALL)) {
      append(spool, "four");
      assertThat(texts(spool.read(0, 9, 99))).containsExactly("4:four");
    }
  }

  @Test
  void deletesAcknowledgedSegments() throws Exception {
    try (Spool spool = open(SMALL)) {
      for (int i = 0; i < 9; i++) {
        append(spool, "x".repeat(300));
      }
      long before = spool.stats().bytes();
      spool.acknowledge(9);
      assertThat(spool.stats().bytes()).isLessThan(before / 4);
      assertThat(spool.stats().events()).isZero();
    }
  }

  @Test
  void refusesWhatWasNeverAppended() throws Exception {
    try (Spool spool = open(SMALL)) {
      append(spool, "one");
      assertThatThrownBy(() -> spool.acknowledge(2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the last is 1");
    }
  }

  @Test
  void refusesOversizeRecords() throws Exception {
    try (Spool spool = open(SMALL)) {
      assertThatThrownBy(() -> spool.append(new byte[401], 1))
          .hasMessageContaining("401")
          .hasMessageContaining("400");
    }
  }

  @Test
  void blocksWhenFullUntilAcknowledged() throws Exception {
    try (Spool spool = open(SMALL)) {
      int appended = 0;
      while (spool.stats().bytes() < 3400) {
        append(spool, "x".repeat(300));
        appended++;
      }
      CompletableFuture<Long> blocked =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  long sequence = 0;
                  for (int i = 0; i < 3; i++) {
                    sequence = spool.append(new byte[400], 1);
                  }
                  return sequence;
                } catch (IOException | InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      Awaitility.await().until(() -> spool.stats().blocked() == 1);
      assertThat(blocked).isNotDone();
      assertThat(spool.stats().dropped()).isZero();
      long sent = spool.stats().lastSequence();
      spool.acknowledge(sent);
      assertThat(blocked.get(10, TimeUnit.SECONDS)).isEqualTo(appended + 3);
      assertThat(spool.stats().events()).isEqualTo(appended + 3 - sent);
    }
  }

  @Test
  void dropsOldestWhenToldToAndCountsExactly() throws Exception {
    try (Spool spool = open(SMALL.withWhenFull(FullPolicy.DROP_OLDEST))) {
      for (int i = 1; i <= 50; i++) {
        long unused = spool.append(new byte[200], 3);
      }
      SpoolStats stats = spool.stats();
      assertThat(stats.bytes()).isLessThanOrEqualTo(4096);
      assertThat(stats.droppedFull()).isPositive();
      assertThat(stats.droppedFull() + stats.events()).isEqualTo(150);
      List<SpoolRecord> kept = spool.read(1, 100, 1 << 20);
      assertThat(kept.get(kept.size() - 1).sequence()).isEqualTo(50);
      assertThat(kept).hasSize((int) (stats.events() / 3));
    }
  }

  @Test
  void dropsByAge() throws Exception {
    try (Spool spool = open(SMALL.withMaxAge(Duration.ofHours(1)))) {
      append(spool, "old");
      time.advance(Duration.ofHours(2));
      spool.tick();
      append(spool, "new");
      assertThat(texts(spool.read(1, 9, 99))).containsExactly("2:new");
      assertThat(spool.stats().droppedAge()).isEqualTo(1);
    }
  }

  @Test
  void aJumpOfTheClockAgesNothing() throws Exception {
    try (Spool spool = open(SMALL.withMaxAge(Duration.ofHours(1)))) {
      append(spool, "one");
      time.jump(Duration.ofDays(3650));
      spool.tick();
      append(spool, "two");
      time.jump(Duration.ofDays(-7300));
      spool.tick();
      append(spool, "three");
      assertThat(texts(spool.read(1, 9, 99))).containsExactly("1:one", "2:two", "3:three");
      assertThat(spool.stats().droppedAge()).isZero();
      assertThat(spool.stats().oldestAgeMillis()).isZero();
      time.advance(Duration.ofMinutes(59));
      spool.tick();
      assertThat(spool.stats().oldestAgeMillis()).isEqualTo(59 * 60_000);
      assertThat(spool.stats().events()).isEqualTo(3);
      time.advance(Duration.ofMinutes(2));
      spool.tick();
      assertThat(spool.stats().events()).isZero();
      assertThat(spool.stats().droppedAge()).isEqualTo(3);
    }
  }

  @Test
  void recordsFromTheFutureOfAWrongClockAreKeptTheirWholeAge() throws Exception {
    SpoolOptions options = SMALL.withMaxAge(Duration.ofHours(1));
    try (Spool spool = open(options)) {
      append(spool, "future");
    }
    time.jump(Duration.ofDays(-1));
    try (Spool spool = open(options)) {
      time.advance(Duration.ofMinutes(59));
      spool.tick();
      assertThat(spool.stats().events()).isEqualTo(1);
      time.advance(Duration.ofMinutes(2));
      spool.tick();
      assertThat(spool.stats().events()).isZero();
    }
  }

  @Test
  void cutsOffHalfARecord() throws Exception {
    try (Spool spool = open(SMALL)) {
      append(spool, "whole");
      append(spool, "half");
    }
    Path segment = segments().get(0);
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.setLength(file.length() - 2);
    }
    try (Spool spool = open(SMALL)) {
      assertThat(spool.stats().tornBytes()).isEqualTo(Segment.RECORD_HEADER + 2);
      append(spool, "again");
      assertThat(texts(spool.read(1, 9, 99))).containsExactly("1:whole", "2:again");
    }
  }

  @Test
  void countsWhatADamagedSegmentLost() throws Exception {
    try (Spool spool = open(SMALL)) {
      for (int i = 0; i < 8; i++) {
        long unused = spool.append(new byte[300], 5);
      }
    }
    Path first = segments().get(0);
    try (RandomAccessFile file = new RandomAccessFile(first.toFile(), "rw")) {
      file.seek(Segment.HEADER + Segment.RECORD_HEADER + 300 + 100);
      file.write('!');
    }
    try (Spool spool = open(SMALL)) {
      SpoolStats stats = spool.stats();
      assertThat(stats.lostCorrupt()).isPositive();
      assertThat(stats.lostCorrupt() + stats.events()).isEqualTo(40);
      List<SpoolRecord> left = spool.read(1, 99, 1 << 20);
      assertThat(left.get(0).sequence()).isEqualTo(1);
      assertThat(left.get(left.size() - 1).sequence()).isEqualTo(8);
    }
  }

  @Test
  void takesANewIdAfterAPowerCutOnly() throws Exception {
    Path file = directory.resolve("some-id");
    byte[] monday = new byte[16];
    byte[] tuesday = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    SpoolId first = SpoolId.open(file, monday, false);
    assertThat(SpoolId.open(file, monday, false).bytes()).as("killed").isEqualTo(first.bytes());
    SpoolId afterCut = SpoolId.open(file, tuesday, false);
    assertThat(afterCut.bytes()).as("machine restarted").isNotEqualTo(first.bytes());
    afterCut.close();
    assertThat(SpoolId.open(file, monday, false).bytes()).as("clean").isEqualTo(afterCut.bytes());
  }

  @Test
  void isUsedByOneAgentAtATime() throws Exception {
    try (Spool spool = open(SMALL)) {
      assertThatThrownBy(() -> open(SMALL)).hasMessageContaining("in use by another agent");
      append(spool, "still works");
    }
  }

  @Test
  void anInterruptedCollectorDoesNotCloseTheSpool() throws Exception {
    try (Spool spool = open(SMALL)) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (true) {
                    append(spool, "x");
                    spool.acknowledge(spool.stats().lastSequence());
                  }
                } catch (IOException | InterruptedException e) {
                  // The end that the test wants.
                }
              });
      thread.start();
      Awaitility.await().until(() -> spool.stats().lastSequence() > 100);
      thread.interrupt();
      thread.join();
      append(spool, "after");
      long last = spool.stats().lastSequence();
      assertThat(texts(spool.read(last, 1, 99))).containsExactly(last + ":after");
    }
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(".seg")).sorted().toList();
    }
  }
}
