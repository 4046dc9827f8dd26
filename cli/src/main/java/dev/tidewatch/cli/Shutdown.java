package dev.tidewatch.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM: the command's own thread stops everything in order, while the JVM waits for
 * it. Without the wait, the JVM would end as soon as its hooks are done, in the middle of Kafka's
 * shutdown.
 */
final class Shutdown {
  private static final long GRACE_SECONDS = 30;
  private static final CountDownLatch FINISHED = new CountDownLatch(1);

  private Shutdown() {}

  /** Counts {@code stop} down when the process is asked to end. */
  static void onSignal(CountDownLatch stop) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stop.countDown();
                  try {
                    boolean unused = FINISHED.await(GRACE_SECONDS, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                },
                "shutdown"));
  }

  /** The command has stopped everything. */
  static void finished() {
    FINISHED.countDown();
  }
}
