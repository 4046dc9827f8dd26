package dev.tidewatch.control.gateway.agent;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What an agent may still send. Every batch costs its uncompressed bytes. They come back to the
 * agent when Kafka has the batch, later when the tenant is over its quota.
 */
final class StreamCredit {
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String tenant;
  private final StreamServices services;
  private final Outbox outbox;
  private long sentBytes;
  private long paidBytes;

  StreamCredit(String tenant, StreamServices services, Outbox outbox) {
    this.tenant = tenant;
    this.services = services;
    this.outbox = outbox;
  }

  /**
   * Called by one thread after the other.
   *
   * @return false when the agent had none left
   */
  boolean spend(long cost) {
    if (sentBytes >= outbox.granted()) {
      return false;
    }
    sentBytes += cost;
    return true;
  }

  void repay(long cost) {
    long total;
    synchronized (outbox) {
      paidBytes += cost;
      total = paidBytes + services.limits().streamWindowBytes();
    }
    outbox.grant(total, System.nanoTime());
  }

  /** Looks again after a second at the latest: the quota may have been raised meanwhile. */
  void repayAfter(Duration wait, long cost) {
    long nanos = Math.min(wait.toNanos(), LONGEST_WAIT_NANOS);
    var unused =
        services.scheduler().schedule(() -> repayUnlessInDebt(cost), nanos, TimeUnit.NANOSECONDS);
  }

  private void repayUnlessInDebt(long cost) {
    if (outbox.isClosed()) {
      return;
    }
    Duration wait = services.quotas().charge(tenant, 0, 0);
    if (wait.isZero()) {
      repay(cost);
    } else {
      repayAfter(wait, cost);
    }
  }
}
