package dev.tidewatch.control.pipeline;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A probe on a thread of its own, one look at a time: one that hangs costs its own figures and
 * nobody else's.
 */
final class WatchedProbe<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedProbe.class);

  /**
   * What came of a look.
   *
   * @param failure empty when there is a reading
   */
  record Outcome<T>(Optional<T> reading, String failure) {}

  private final String name;
  private final Probe<T> probe;
  private final Duration patience;
  private final ExecutorService thread;
  private @Nullable Future<T> underWay;
  private String lastFailure = "";

  WatchedProbe(String name, Probe<T> probe, Duration patience) {
    this.name = name;
    this.probe = probe;
    this.patience = patience;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread created = new Thread(task, "pipeline-" + name);
              created.setDaemon(true);
              return created;
            });
  }

  /** Begins to look, unless the last look is still under way. */
  void begin() {
    if (underWay == null) {
      underWay = thread.submit(probe::read);
    }
  }

  /** Waits for what {@link #begin} began. */
  Outcome<T> outcome() throws InterruptedException {
    Future<T> look = underWay;
    if (look == null) {
      throw new IllegalStateException("begin() first");
    }
    try {
      T reading = look.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      underWay = null;
      recovered();
      return new Outcome<>(Optional.of(reading), "");
    } catch (TimeoutException slow) {
      return failed("no answer within " + patience.toMillis() + " ms", slow);
    } catch (ExecutionException failure) {
      underWay = null;
      if (failure.getCause() instanceof InterruptedException) {
        throw new InterruptedException(); // closing
      }
      return failed(sentence(failure.getCause()), failure.getCause());
    }
  }

  private void recovered() {
    if (!lastFailure.isEmpty()) {
      LOG.info("{}: answers again", name);
      lastFailure = "";
    }
  }

  /** Says it in the log once, not at every look. */
  private Outcome<T> failed(String sentence, @Nullable Throwable cause) {
    if (!sentence.equals(lastFailure)) {
      LOG.warn("{}: {}", name, sentence, cause instanceof ProbeFailedException ? null : cause);
      lastFailure = sentence;
    }
    return new Outcome<>(Optional.empty(), sentence);
  }

  private static String sentence(@Nullable Throwable failure) {
    return failure instanceof ProbeFailedException expected && expected.getMessage() != null
        ? expected.getMessage()
        : "could not be read; the server's log says why";
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
