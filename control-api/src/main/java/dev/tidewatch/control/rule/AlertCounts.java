package dev.tidewatch.control.rule;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.tidewatch.store.AlertQueries;
import dev.tidewatch.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** How often each rule of a tenant has fired in the last 24 hours. */
@FunctionalInterface
public interface AlertCounts {
  /** By rule id; empty while the store cannot be asked, for the rules themselves are known. */
  Optional<Map<String, Long>> ofTenant(String tenantId);

  /** How old a count may be: many look at the same rules, and a day changes little meanwhile. */
  Duration REMEMBERED = Duration.ofSeconds(3);

  /** Counted by ClickHouse, once for all who ask within {@link #REMEMBERED}. */
  static AlertCounts stored(AlertQueries alerts, Clock clock) {
    LoadingCache<String, Map<String, Long>> counts =
        Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(1_000)
            .build(
                tenantId ->
                    alerts.countsByRule(tenantId, clock.instant().minus(Duration.ofDays(1))));
    return tenantId -> {
      try {
        return Optional.of(counts.get(tenantId));
      } catch (StoreException away) {
        return Optional.empty();
      }
    };
  }
}
