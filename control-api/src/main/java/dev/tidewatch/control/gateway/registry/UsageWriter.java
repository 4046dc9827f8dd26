package dev.tidewatch.control.gateway.registry;

import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.gateway.ingest.UsageTotals;
import dev.tidewatch.control.gateway.ingest.UsageTotals.Key;
import dev.tidewatch.control.gateway.ingest.UsageTotals.Usage;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds what came in to the tenants' hours. */
final class UsageWriter {
  private static final Logger LOG = LoggerFactory.getLogger(UsageWriter.class);
  private final ControlDatabase database;
  private final UsageTotals totals;
  private final Clock clock;

  UsageWriter(ControlDatabase database, UsageTotals totals, Clock clock) {
    this.database = database;
    this.totals = totals;
    this.clock = clock;
  }

  /**
   * What cannot be written now is kept for the next time. When the database was lost in the middle
   * of a commit it may be counted twice.
   */
  void flush() {
    totals
        .drain()
        .forEach(
            (key, usage) -> {
              try {
                var unused = database.inTenant(key.tenant(), tx -> add(tx, key, usage));
              } catch (RuntimeException e) {
                LOG.debug("usage is not written: {}", e.toString());
                totals.giveBack(key, usage);
              }
            });
  }

  /** Of a tenant that is gone nothing is written. */
  private int add(TenantTransaction tx, Key key, Usage usage) {
    return tx.update(
            """
            INSERT INTO ingest_usage AS u (tenant_id, hour, way, events, bytes, over_quota, over_quota_events,
              refused_events)
            SELECT tenant_id, :hour, :way, :events, :bytes, :over, :overEvents, :refused FROM tenants
            WHERE tenant_id = :tenant AND deleted_at IS NULL
            ON CONFLICT (tenant_id, hour, way) DO UPDATE SET
              events = u.events + excluded.events, bytes = u.bytes + excluded.bytes,
              over_quota = u.over_quota + excluded.over_quota,
              over_quota_events = u.over_quota_events + excluded.over_quota_events,
              refused_events = u.refused_events + excluded.refused_events
            """)
        .bind("hour", Timestamp.from(clock.instant().truncatedTo(ChronoUnit.HOURS)))
        .bind("way", key.way().label())
        .bind("events", usage.events())
        .bind("bytes", usage.bytes())
        .bind("over", usage.overQuota())
        .bind("overEvents", usage.overQuotaEvents())
        .bind("refused", usage.refusedEvents())
        .execute();
  }
}
