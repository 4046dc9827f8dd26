package dev.tidewatch.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C and SIGTERM: the command's own thread stops everything in order, while the JVM waits for
 * it. Without the wait, the JVM would end as soon as its hooks are done, in the middle of Kafka's
 * shutdown.
 */
final class Shutdown {
  private static final long GRACE_SECONDS = 45;
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

  /** Deletes a temporary directory when the process ends, however it ends. */
  static void deleteAtEnd(@Nullable Path directory) {
    if (directory != null) {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> deleteRecursively(directory), "delete " + directory));
    }
  }

  static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  /** Deletes a directory and all below it; symbolic links are deleted, not followed. */
  static void deleteRecursively(Path directory) {
    try (Stream<Path> entries = Files.walk(directory)) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(entry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory + ": " + e.getMessage(), e);
    }
  }
}
