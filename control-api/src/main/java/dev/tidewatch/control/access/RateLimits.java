package dev.tidewatch.control.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A token bucket for each caller: so many calls a second in the long run, twice that at once.
 * Callers that come back after a while begin with a full bucket. Thread-safe.
 */
public final class RateLimits {
  private static final long NANOS = 1_000_000_000L;

  private static final class Bucket {
    private final ReentrantLock lock = new ReentrantLock();
    private double tokens;
    private long filledAt;

    Bucket(double tokens, long now) {
      this.tokens = tokens;
      this.filledAt = now;
    }

    boolean take(double perSecond, double most, long now) {
      lock.lock();
      try {
        double earned = Math.max(0, now - filledAt) * perSecond / NANOS;
        tokens = Math.min(most, tokens + earned);
        filledAt = Math.max(filledAt, now);
        if (tokens < 1) {
          return false;
        }
        tokens -= 1;
        return true;
      } finally {
        lock.unlock();
      }
    }
  }

  private final double perSecond;
  private final double most;
  private final Clock clock;
  private final Cache<String, Bucket> buckets =
      Caffeine.newBuilder().maximumSize(100_000).expireAfterAccess(Duration.ofMinutes(10)).build();

  /**
   * @param perSecond calls a second that a caller may make in the long run
   * @param most calls that it may make at once
   */
  public RateLimits(double perSecond, double most, Clock clock) {
    this.perSecond = perSecond;
    this.most = most;
    this.clock = clock;
  }

  /** Takes one call from the caller's bucket; false when it is empty. */
  public boolean allows(String caller) {
    long now = Math.multiplyExact(clock.millis(), 1_000_000L);
    return buckets.get(caller, key -> new Bucket(most, now)).take(perSecond, most, now);
  }
}
