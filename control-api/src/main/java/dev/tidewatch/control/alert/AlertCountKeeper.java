package dev.tidewatch.control.alert;

import dev.tidewatch.store.DayCounter;
import dev.tidewatch.store.StoreException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has days of alerts counted when they are settled, and old counts taken away. */
public final class AlertCountKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlertCountKeeper.class);
  private static final Duration BETWEEN = Duration.ofSeconds(30);
  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(30);

  private final DayCounter counter;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "alert-counts");
            thread.setDaemon(true);
            return thread;
          });

  public AlertCountKeeper(DayCounter counter) {
    this.counter = counter;
    every(BETWEEN, this::count);
    every(BETWEEN_SWEEPS, counter::sweep);
  }

  private void every(Duration interval, Runnable task) {
    var unused =
        timer.scheduleWithFixedDelay(
            () -> attempt(task), interval.toSeconds(), interval.toSeconds(), TimeUnit.SECONDS);
  }

  /** Days one after another, until there are none or this is closed. */
  private void count() {
    boolean more = true;
    while (more && !Thread.currentThread().isInterrupted()) {
      more = counter.countOne();
    }
  }

  private void attempt(Runnable task) {
    try {
      task.run();
    } catch (StoreException away) {
      // Searches read the alerts themselves meanwhile.
      LOG.debug("alerts are not counted now", away);
    } catch (RuntimeException failure) {
      LOG.warn("alerts are not counted; searches over everything are slower", failure);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
