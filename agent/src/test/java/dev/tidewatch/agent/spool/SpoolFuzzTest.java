package dev.tidewatch.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random damage to a spool's files: it opens, gives back every record that was not hit, byte for
 * byte, and says how many events were lost.
 */
class SpoolFuzzTest {
  private static final int ROUNDS = Boolean.getBoolean("tidewatch.nightly") ? 5_000 : 60;
  private static final int RECORDS = 60;
  private static final SpoolOptions OPTIONS =
      SpoolOptions.DEFAULT.withSizes(1 << 20, 4096, 1000).withFsync(FsyncPolicy.NEVER);

  @TempDir Path directory;

  /** What was written: bytes by sequence, and where each record lies. */
  private record Written(Map<Long, byte[]> bodies, Map<Long, Place> places, long events) {}

  private record Place(Path file, long from, long to) {
    boolean isHit(Path other, long start, long end) {
      return file.equals(other) && start < to && end > from;
    }
  }

  @Test
  void losesOnlyWhatWasHitAndSaysHowMuch() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(round);
      Path spool = directory.resolve("spool" + round);
      Written written = write(spool, random);
      List<Path> files = segments(spool);
      Path victim = files.get(random.nextInt(files.size()));
      boolean newest = victim.equals(files.get(files.size() - 1));
      long[] hit = damage(victim, random);
      check(spool, written, victim, hit, newest, "round " + round);
      delete(spool);
    }
  }

  private static Written write(Path directory, Random random) throws Exception {
    Map<Long, byte[]> bodies = new HashMap<>();
    long events = 0;
    try (Spool spool = Spool.open(directory, OPTIONS, new ManualTime())) {
      for (int i = 0; i < RECORDS; i++) {
        byte[] body = new byte[random.nextInt(900)];
        random.nextBytes(body);
        int count = 1 + random.nextInt(9);
        bodies.put(spool.append(body, count), body);
        events += count;
      }
    }
    Map<Long, Place> places = new HashMap<>();
    long sequence = 1;
    for (Path file : segments(directory)) {
      long at = Segment.HEADER;
      while (at < Files.size(file)) {
        long end = at + Segment.RECORD_HEADER + bodies.get(sequence).length;
        places.put(sequence++, new Place(file, at, end));
        at = end;
      }
    }
    assertThat(sequence).isEqualTo(RECORDS + 1);
    return new Written(bodies, places, events);
  }

  /** Flips, overwrites, cuts off, takes out or puts in. Returns the bytes that were hit. */
  private static long[] damage(Path file, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int at = random.nextInt(bytes.length);
    int length = Math.min(bytes.length - at, 1 + random.nextInt(600));
    byte[] rubbish = new byte[length];
    random.nextBytes(rubbish);
    switch (random.nextInt(5)) {
      case 0 -> {
        length = 1;
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
      }
      case 1 -> {
        System.arraycopy(rubbish, 0, bytes, at, length);
        Files.write(file, bytes);
      }
      case 2 -> {
        length = bytes.length - at;
        Files.write(file, java.util.Arrays.copyOf(bytes, at));
      }
      case 3 -> Files.write(file, joined(bytes, at, new byte[0], at + length));
      default -> {
        Files.write(file, joined(bytes, at, rubbish, at));
        length = 1;
      }
    }
    return new long[] {at, at + length};
  }

  private static byte[] joined(byte[] bytes, int until, byte[] between, int from) {
    byte[] all = new byte[until + between.length + bytes.length - from];
    System.arraycopy(bytes, 0, all, 0, until);
    System.arraycopy(between, 0, all, until, between.length);
    System.arraycopy(bytes, from, all, until + between.length, bytes.length - from);
    return all;
  }

  private static void check(
      Path directory, Written written, Path victim, long[] hit, boolean newest, String round)
      throws Exception {
    long expected;
    try (Spool spool = Spool.open(directory, OPTIONS, new ManualTime())) {
      List<SpoolRecord> left = spool.read(1, Integer.MAX_VALUE, Long.MAX_VALUE);
      List<Long> sequences = new ArrayList<>();
      for (SpoolRecord record : left) {
        assertThat(record.bytes()).as(round).isEqualTo(written.bodies().get(record.sequence()));
        sequences.add(record.sequence());
      }
      assertThat(sequences).as(round).isSorted().doesNotHaveDuplicates();
      for (long sequence = 1; sequence <= RECORDS; sequence++) {
        if (!written.places().get(sequence).isHit(victim, hit[0], hit[1])) {
          assertThat(sequences).as(round + ": not hit").contains(sequence);
        }
      }
      SpoolStats stats = spool.stats();
      long kept = left.stream().mapToLong(SpoolRecord::events).sum();
      assertThat(stats.events()).as(round).isEqualTo(kept);
      if (newest) {
        // The end may be half a record that the death of the process left.
        assertThat(stats.lostCorrupt() > 0 || stats.tornBytes() > 0 || kept == written.events())
            .as(round)
            .isTrue();
      } else {
        assertThat(stats.lostCorrupt() + kept).as(round).isEqualTo(written.events());
      }
      expected = kept + 3;
      long unused = spool.append(new byte[] {1, 2, 3}, 3);
    }
    try (Spool spool = Spool.open(directory, OPTIONS, new ManualTime())) {
      List<SpoolRecord> left = spool.read(1, Integer.MAX_VALUE, Long.MAX_VALUE);
      assertThat(left.stream().mapToLong(SpoolRecord::events).sum()).as(round).isEqualTo(expected);
      assertThat(left.get(left.size() - 1).bytes()).as(round).containsExactly(1, 2, 3);
    }
  }

  @Test
  void damageThatComesWhileItIsOpenIsSteppedOver() throws Exception {
    Written written = write(directory, new Random(1));
    try (Spool spool = Spool.open(directory, OPTIONS, new ManualTime())) {
      Place third = written.places().get(3L);
      try (RandomAccessFile file = new RandomAccessFile(third.file().toFile(), "rw")) {
        file.seek(third.to() - 1);
        int last = file.read();
        file.seek(third.to() - 1);
        file.write(last ^ 1);
      }
      List<SpoolRecord> left = spool.read(1, Integer.MAX_VALUE, Long.MAX_VALUE);
      assertThat(left).hasSize(RECORDS - 1).noneMatch(record -> record.sequence() == 3);
      long kept = left.stream().mapToLong(SpoolRecord::events).sum();
      assertThat(spool.stats().lostCorrupt()).isEqualTo(written.events() - kept);
    }
  }

  private static List<Path> segments(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(".seg")).sorted().toList();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
