package dev.tidewatch.control.gateway.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tidewatch.control.access.Accounts;
import dev.tidewatch.control.access.Identity;
import dev.tidewatch.control.access.Principal;
import dev.tidewatch.control.database.DatabaseUnavailableException;
import dev.tidewatch.control.gateway.enrollment.Secrets;
import dev.tidewatch.control.gateway.enrollment.TenantStanding;
import dev.tidewatch.control.v1.Permission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * The control API's keys, those that may send telemetry. What was found holds for {@link #HELD},
 * and while the database is away for {@link #HELD_WITHOUT}; what was not found, for a second, so
 * that guessing does not reach the database.
 */
final class RegisteredKeys implements Function<String, Optional<String>> {
  static final Duration HELD = Duration.ofSeconds(3);
  static final Duration HELD_WITHOUT = Duration.ofMinutes(10);
  private static final Duration UNKNOWN_HELD = Duration.ofSeconds(1);

  private final Accounts accounts;
  private final ControlFeed feed;
  private final Clock clock;

  /** By hash: a heap dump shows no key. */
  private final Cache<String, Found> known =
      Caffeine.newBuilder().expireAfterWrite(HELD_WITHOUT).maximumSize(100_000).build();

  /**
   * @param tenant empty for a key that may not send
   * @param until when it is to be asked again
   * @param expires the key itself
   */
  private record Found(Optional<String> tenant, Instant until, Instant expires) {}

  RegisteredKeys(Accounts accounts, ControlFeed feed, Clock clock) {
    this.accounts = accounts;
    this.feed = feed;
    this.clock = clock;
  }

  @Override
  public Optional<String> apply(String key) {
    String hash = Secrets.hash(key);
    Found found = known.getIfPresent(hash);
    Instant now = clock.instant();
    if (found == null || now.isAfter(found.until())) {
      try {
        found = find(key, now);
        known.put(hash, found);
      } catch (DatabaseUnavailableException e) {
        if (found == null || found.tenant().isEmpty()) {
          throw e;
        }
      }
    }
    Instant expires = found.expires();
    return found
        .tenant()
        .filter(tenant -> now.isBefore(expires) && feed.standing(tenant) == TenantStanding.SERVED);
  }

  private Found find(String key, Instant now) {
    Identity identity = accounts.apiKey(key);
    if (identity instanceof Principal principal
        && principal.may(Permission.PERMISSION_TELEMETRY_SEND)
        && !principal.isOperator()) {
      feed.lookFor(principal.tenant());
      return new Found(
          Optional.of(principal.tenant()), now.plus(HELD), principal.expires().orElse(Instant.MAX));
    }
    return new Found(Optional.empty(), now.plus(UNKNOWN_HELD), Instant.MAX);
  }
}
