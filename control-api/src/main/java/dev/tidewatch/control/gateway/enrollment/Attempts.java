package dev.tidewatch.control.gateway.enrollment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Failed attempts with tokens by address: after ten, that address waits a minute. */
final class Attempts {
  private static final int MOST = 10;
  private static final Duration WAIT = Duration.ofMinutes(1);
  private static final int MOST_ADDRESSES = 100_000;

  private final Cache<String, Failures> failures =
      Caffeine.newBuilder().maximumSize(MOST_ADDRESSES).build();
  private final Clock clock;

  private record Failures(int count, Instant last) {}

  Attempts(Clock clock) {
    this.clock = clock;
  }

  boolean allowed(String address) {
    Failures known = failures.getIfPresent(address);
    return known == null
        || known.count() < MOST
        || clock.instant().isAfter(known.last().plus(WAIT));
  }

  void failed(String address) {
    failures
        .asMap()
        .merge(
            address,
            new Failures(1, clock.instant()),
            (known, one) ->
                one.last().isAfter(known.last().plus(WAIT))
                    ? one
                    : new Failures(known.count() + 1, one.last()));
  }
}
