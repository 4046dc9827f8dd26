package dev.tidewatch.store;

import dev.tidewatch.control.v1.SeenLogSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Which log sources a tenant's events come from. Thread-safe. Throws {@link
 * StoreUnavailableException} when ClickHouse cannot answer now.
 */
public final class LogSourceQueries {
  private static final int MOST = 500;

  private final Server server;

  LogSourceQueries(Server server) {
    this.server = server;
  }

  /**
   * Log sources of the events that were stored within {@code window}, the busiest first, at most
   * 500. By the time of storing: a source that sends late, or a replay of old events, is seen too.
   */
  public List<SeenLogSource> seen(String tenantId, Duration window) {
    Condition condition =
        Condition.ofTenant(tenantId)
            .and("stored_time >= now64(6, 'UTC') - toIntervalMillisecond({window:Int64})");
    condition.parameters().number("window", window.toMillis());
    return server.query(
        "list log sources",
        "SELECT product, category, service, count() AS events, max(time), max(ingest_time)"
            + " FROM events WHERE "
            + condition.sql()
            + " GROUP BY product, category, service"
            + " ORDER BY events DESC, product, category, service LIMIT "
            + MOST,
        condition.parameters(),
        LogSourceQueries::seen);
  }

  private static SeenLogSource seen(RowBinaryReader in) throws IOException {
    return SeenLogSource.newBuilder()
        .setLogSource(AlertRows.logSource(in))
        .setEvents(in.int64())
        .setNewestMs(AlertRows.millis(in))
        .setNewestIngestMs(AlertRows.millis(in))
        .build();
  }
}
