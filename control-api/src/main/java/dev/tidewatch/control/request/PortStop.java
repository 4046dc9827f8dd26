package dev.tidewatch.control.request;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerMetrics;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How a port stops: what has been asked is answered, and nobody waits for a connection on which
 * nothing is asked. By default each such connection holds the port for one second, and for another
 * where it speaks HTTP/2.
 */
public final class PortStop {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final long STEP_MILLIS = 10;

  /** Until a client of HTTP/2 has heard that it should ask elsewhere: a way there and back. */
  private static final Duration DRAIN = Duration.ofMillis(100);

  private PortStop() {}

  /** For a port that {@link #stop} will stop. */
  public static void prepare(ServerBuilder server) {
    server
        .bossGroupFactory(Acceptor::named)
        .gracefulShutdownTimeout(Duration.ZERO, Duration.ZERO)
        .connectionDrainDuration(DRAIN);
  }

  /**
   * Returns when nothing listens any more. Requests under way are waited for, for a second; end
   * streams before, or they are such requests.
   */
  public static void stop(Server server) {
    stop(server, PATIENCE);
  }

  static void stop(Server server, Duration patience) {
    ServerMetrics metrics = server.config().serverMetrics();
    long until = System.nanoTime() + patience.toNanos();
    while (metrics.pendingRequests() + metrics.activeRequests() > 0 && System.nanoTime() < until) {
      if (!pause()) {
        break;
      }
    }
    server.stop().join();
  }

  /** Whether to go on waiting. */
  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
