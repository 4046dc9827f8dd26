package dev.tidewatch.agent.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  private static final Watchdog.Pauses SHORT =
      new Watchdog.Pauses(
          Duration.ofMillis(1), Duration.ofMillis(4), Duration.ofMillis(5), Duration.ofHours(1));

  /** Fails so often, then runs. */
  private static final class Failing implements Collector {
    private final AtomicInteger failures;
    private volatile Optional<String> unavailable = Optional.empty();

    Failing(int failures) {
      this.failures = new AtomicInteger(failures);
    }

    @Override
    public String name() {
      return "failing";
    }

    @Override
    public Optional<String> unavailable() {
      return unavailable;
    }

    @Override
    public boolean canWait() {
      return false;
    }

    @Override
    public void run(Emitter emitter) throws IOException, InterruptedException {
      if (failures.getAndDecrement() > 0) {
        if (failures.get() % 2 == 0) {
          throw new IOException("the disk is gone");
        }
        throw new IllegalStateException("a bug");
      }
      emitter.emit(Sources.RECOGNISED, new Payload().put("a", "b"));
      // Until the watchdog interrupts it.
      new CountDownLatch(1).await();
    }
  }

  @Test
  void startsAgainWhatFailedAndCountsIt() throws Exception {
    RecordingSink sink = new RecordingSink();
    try (Watchdog watchdog = new Watchdog(SHORT)) {
      watchdog.start(new Failing(5), sink.emitter("failing"));
      await().until(() -> !sink.events().isEmpty());
      CollectorStatus status = watchdog.status().get(0);
      assertThat(status.state()).isEqualTo(CollectorStatus.State.RUNNING);
      assertThat(status.restarts()).isEqualTo(5);
      assertThat(status.events()).isEqualTo(1);
    }
  }

  @Test
  void saysWhyItFailed() throws Exception {
    try (Watchdog watchdog =
        new Watchdog(
            new Watchdog.Pauses(
                Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1), Duration.ZERO))) {
      watchdog.start(new Failing(1), new RecordingSink().emitter("failing"));
      await()
          .untilAsserted(
              () ->
                  assertThat(watchdog.status().get(0))
                      .extracting(CollectorStatus::state, CollectorStatus::detail)
                      .containsExactly(CollectorStatus.State.FAILED, "the disk is gone"));
    }
  }

  @Test
  void asksAgainWhetherItCanWorkHere() throws Exception {
    RecordingSink sink = new RecordingSink();
    Failing collector = new Failing(0);
    collector.unavailable = Optional.of("no journald");
    try (Watchdog watchdog = new Watchdog(SHORT)) {
      watchdog.start(collector, sink.emitter("failing"));
      watchdog.off("other");
      await().until(() -> watchdog.status().get(0).state() == CollectorStatus.State.UNAVAILABLE);
      assertThat(watchdog.status().get(0).detail()).isEqualTo("no journald");
      assertThat(watchdog.status().get(1).state()).isEqualTo(CollectorStatus.State.OFF);
      collector.unavailable = Optional.empty();
      await().until(() -> !sink.events().isEmpty());
    }
  }
}
