package dev.tidewatch.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidewatch.embedded.junit.SmallDisk;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A disk that is full before the spool is. */
class SpoolDiskFullTest {
  private static final SpoolOptions OPTIONS =
      SpoolOptions.DEFAULT.withSizes(64 << 20, 1 << 18, 1 << 14);

  @Test
  void waitsForRoomAndLosesNothing() throws Exception {
    Optional<SmallDisk> disk = SmallDisk.tryMount(4);
    assumeTrue(disk.isPresent(), "not permitted to mount a tmpfs");
    try (SmallDisk small = disk.get();
        Spool spool = Spool.open(small.directory(), OPTIONS, InstantSource.system())) {
      for (int i = 0; i < 20; i++) {
        long unused = spool.append(new byte[10_000], 1);
      }
      small.fill();
      AtomicLong done = new AtomicLong(20);
      Thread writer =
          new Thread(
              () -> {
                try {
                  while (done.get() < 60) {
                    done.set(spool.append(new byte[10_000], 1));
                  }
                } catch (IOException | InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      writer.start();
      Awaitility.await().until(() -> spool.stats().blocked() > 0);
      long before = done.get();
      assertThat(before).isLessThan(60);
      // The cursor has its room already: what is on the disk can still be sent and acknowledged.
      spool.acknowledge(5);
      small.free();
      writer.join(20_000);
      assertThat(done.get()).isEqualTo(60);
      List<SpoolRecord> records = spool.read(1, 999, Long.MAX_VALUE);
      assertThat(records).hasSize(55);
      assertThat(spool.stats().dropped()).isZero();
    }
  }

  @Test
  void dropsOldestWhenToldTo() throws Exception {
    Optional<SmallDisk> disk = SmallDisk.tryMount(4);
    assumeTrue(disk.isPresent(), "not permitted to mount a tmpfs");
    try (SmallDisk small = disk.get()) {
      SpoolOptions dropping = OPTIONS.withWhenFull(FullPolicy.DROP_OLDEST);
      try (Spool spool = Spool.open(small.directory(), dropping, InstantSource.system())) {
        for (int i = 0; i < 1000; i++) {
          long unused = spool.append(new byte[10_000], 2);
        }
        SpoolStats stats = spool.stats();
        assertThat(stats.droppedFull()).isPositive();
        assertThat(stats.droppedFull() + stats.events()).isEqualTo(2000);
        assertThat(stats.lastSequence()).isEqualTo(1000);
      }
      try (Spool spool = Spool.open(small.directory(), dropping, InstantSource.system())) {
        assertThat(spool.stats().lastSequence()).isEqualTo(1000);
        assertThat(spool.stats().tornBytes()).isZero();
      }
    }
  }
}
