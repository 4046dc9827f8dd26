package dev.tidewatch.control.alert;

import dev.tidewatch.control.request.Failures;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks of every open stream again and again whether its caller may still have it, and ends those
 * that may not. While nobody can say, because PostgreSQL is away, streams go on, but not for longer
 * than an outage of the store would last.
 */
final class StreamRechecks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamRechecks.class);

  private final OpenStreams open;
  private final FeedLimits limits;
  private final Clock clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "alert-stream-recheck");
            made.setDaemon(true);
            return made;
          });
  private long unknownSinceMs;

  StreamRechecks(OpenStreams open, FeedLimits limits, Clock clock) {
    this.open = open;
    this.limits = limits;
    this.clock = clock;
    long pause = limits.recheck().toMillis();
    var unused = thread.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      lookAtEach();
    } catch (RuntimeException e) {
      LOG.error("rechecking alert streams", e);
    }
  }

  /** One look at every stream. */
  void lookAtEach() {
    boolean known = true;
    for (AlertSubscription subscription : open.all()) {
      try {
        Optional<StatusRuntimeException> refusal = subscription.standing().refusal();
        refusal.ifPresent(subscription::end);
      } catch (RuntimeException nobodyKnows) {
        known = false;
      }
    }
    if (known) {
      unknownSinceMs = 0;
    } else if (unknownSinceMs == 0) {
      unknownSinceMs = clock.millis();
    } else if (clock.millis() - unknownSinceMs >= limits.longestOutage().toMillis()) {
      open.endAll(
          Failures.unavailable("nobody can say who may read alerts; resume with the last cursor"));
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
