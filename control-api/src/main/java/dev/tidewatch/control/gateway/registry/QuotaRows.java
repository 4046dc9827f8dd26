package dev.tidewatch.control.gateway.registry;

import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.gateway.ingest.Quota;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Quotas as the table has them: {@code events_per_second}, {@code bytes_per_day} and others. */
final class QuotaRows {
  private static final long DEFAULT_BURST_SECONDS = 10;

  private QuotaRows() {}

  /** Of every tenant that has some. */
  static Map<String, Quota> read(TenantTransaction tx) {
    Map<String, Map<String, Long>> rows = new HashMap<>();
    tx.handle()
        .createQuery("SELECT tenant_id, name, limit_value FROM quotas")
        .map(
            (row, context) ->
                new Object[] {row.getString(1), row.getString(2), (Long) row.getLong(3)})
        .forEach(
            row ->
                rows.computeIfAbsent((String) row[0], tenant -> new HashMap<>())
                    .put((String) row[1], (Long) row[2]));
    Map<String, Long> today = today(tx);
    Map<String, Quota> quotas = new HashMap<>();
    rows.forEach(
        (tenant, limits) -> quotas.put(tenant, quota(limits, today.getOrDefault(tenant, 0L))));
    return quotas;
  }

  private static Quota quota(Map<String, Long> limits, long bytesToday) {
    Long perDay = limits.get("bytes_per_day");
    if ((perDay != null && bytesToday >= perDay) || isZero(limits)) {
      return Quota.EXHAUSTED;
    }
    long burst = Math.max(1, limits.getOrDefault("burst_seconds", DEFAULT_BURST_SECONDS));
    return new Quota(
        limits.getOrDefault("events_per_second", 0L),
        limits.getOrDefault("bytes_per_second", 0L),
        Duration.ofSeconds(Math.min(burst, 86_400)));
  }

  /** A quota of nothing is nothing, not no limit. */
  private static boolean isZero(Map<String, Long> limits) {
    return limits.getOrDefault("events_per_second", 1L) == 0
        || limits.getOrDefault("bytes_per_second", 1L) == 0;
  }

  /** Bytes of this UTC day, of tenants that have a limit for it; as gateways have written down. */
  private static Map<String, Long> today(TenantTransaction tx) {
    Map<String, Long> bytes = new HashMap<>();
    tx.handle()
        .createQuery(
            """
            SELECT u.tenant_id, sum(u.bytes)::bigint FROM ingest_usage u
            JOIN quotas q ON q.tenant_id = u.tenant_id AND q.name = 'bytes_per_day'
            WHERE u.hour >= date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
            GROUP BY u.tenant_id
            """)
        .map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
        .forEach(row -> bytes.put(row.getKey(), row.getValue()));
    return bytes;
  }
}
