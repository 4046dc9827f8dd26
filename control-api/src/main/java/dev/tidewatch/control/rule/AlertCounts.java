package dev.tidewatch.control.rule;

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

  /** Counted by ClickHouse. */
  static AlertCounts stored(AlertQueries alerts, Clock clock) {
    return tenantId -> {
      try {
        return Optional.of(
            alerts.countsByRule(tenantId, clock.instant().minus(Duration.ofDays(1))));
      } catch (StoreException away) {
        return Optional.empty();
      }
    };
  }
}
