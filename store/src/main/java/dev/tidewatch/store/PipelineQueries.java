package dev.tidewatch.store;

import dev.tidewatch.control.v1.PipelineHealth;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * What the store knows of the pipeline's health, over all tenants: for operators. Thread-safe. All
 * methods throw {@link StoreUnavailableException} when ClickHouse cannot answer now.
 */
public final class PipelineQueries {
  /** Up to here identities are counted; beyond, that takes seconds and rows are counted. */
  static final long EXACT_UP_TO = 50_000_000;

  private static final String ROWS =
      """
      SELECT e.events, a.alerts, d.letters, e.ingested, e.stored
      FROM (
        SELECT
          count() AS events,
          toUnixTimestamp64Milli(max(ingest_time)) AS ingested,
          toUnixTimestamp64Milli(max(stored_time)) AS stored
        FROM events) AS e,
        (SELECT count() AS alerts FROM alerts) AS a,
        (SELECT count() AS letters FROM dead_letters) AS d
      """;

  /** Rates count rows, not identities: a redelivery is work done, too. */
  private static final String RECENT =
      """
      WITH now64(6, 'UTC') - toIntervalMillisecond({window:Int64}) AS since
      SELECT e.events, a.alerts, e.late
      FROM (
        SELECT
          count() AS events,
          countIf(ingest_time > time + toIntervalMillisecond({lateness:Int64})) AS late
        FROM events
        WHERE stored_time >= since) AS e,
        (SELECT count() AS alerts FROM alerts WHERE ingest_time >= since) AS a
      """;

  /** Rows, not identities, as the rates. */
  private static final String LATE_BY_SOURCE =
      """
      SELECT
        product, category, service, count() AS events,
        countIf(ingest_time > time + toIntervalMillisecond({lateness:Int64})) AS late
      FROM events
      WHERE stored_time >= now64(6, 'UTC') - toIntervalMillisecond({window:Int64})
      GROUP BY product, category, service
      HAVING late > 0
      ORDER BY late DESC, product, category, service
      LIMIT 20
      """;

  private final Server server;

  PipelineQueries(Server server) {
    this.server = server;
  }

  /**
   * Totals, newest times and rates now.
   *
   * @param window span that the rates and the late count look back over
   * @param lateness an event is late when it entered Tidewatch more than this after its own time
   */
  public PipelineCounts counts(Duration window, Duration lateness) {
    if (window.toMillis() <= 0 || lateness.isNegative()) {
      throw new IllegalArgumentException("window must be positive, lateness not negative");
    }
    Rows rows = server.query("count rows", ROWS, new QueryParameters(), Rows::read).get(0);
    Recent recent =
        server
            .query(
                "count recent rows",
                RECENT,
                new QueryParameters()
                    .number("window", window.toMillis())
                    .number("lateness", lateness.toMillis()),
                Recent::read)
            .get(0);
    double seconds = window.toMillis() / 1000.0;
    return new PipelineCounts(
        once("SELECT count() FROM events FINAL", rows.events),
        once("SELECT count() FROM alerts FINAL", rows.alerts),
        once("SELECT count() FROM dead_letters FINAL", rows.deadLetters),
        rows.newestIngestMillis,
        rows.newestStoredMillis,
        recent.events / seconds,
        recent.alerts / seconds,
        recent.late);
  }

  private record Rows(
      long events,
      long alerts,
      long deadLetters,
      long newestIngestMillis,
      long newestStoredMillis) {
    static Rows read(RowBinaryReader in) throws IOException {
      return new Rows(in.int64(), in.int64(), in.int64(), in.int64(), in.int64());
    }
  }

  private record Recent(long events, long alerts, long late) {
    static Recent read(RowBinaryReader in) throws IOException {
      return new Recent(in.int64(), in.int64(), in.int64());
    }
  }

  private long once(String sql, long rows) {
    return rows > EXACT_UP_TO
        ? rows
        : server.query("count rows", sql, new QueryParameters(), RowBinaryReader::int64).get(0);
  }

  /**
   * Log sources whose events came late, the most late first, at most 20.
   *
   * @param window span of storing times that is looked back over
   * @param lateness as in {@link #counts}
   */
  public List<PipelineHealth.LateSource> lateBySource(Duration window, Duration lateness) {
    return server.query(
        "count late events",
        LATE_BY_SOURCE,
        new QueryParameters()
            .number("window", window.toMillis())
            .number("lateness", lateness.toMillis()),
        PipelineQueries::lateSource);
  }

  private static PipelineHealth.LateSource lateSource(RowBinaryReader in) throws IOException {
    return PipelineHealth.LateSource.newBuilder()
        .setLogSource(AlertRows.logSource(in))
        .setEvents(in.int64())
        .setLateEvents(in.int64())
        .build();
  }

  /**
   * Dead letters, newest first.
   *
   * @param limit 1 to 1000
   */
  public List<PipelineHealth.DeadLetterRow> recentDeadLetters(int limit) {
    QueryParameters parameters =
        new QueryParameters().number("limit", QueryLimits.between("limit", limit, 1, 1000));
    return server.query(
        "list dead letters",
        "SELECT time, code, reason, partition, offset, tenant_id FROM dead_letters FINAL"
            + " ORDER BY time DESC, partition, offset DESC LIMIT {limit:UInt32}",
        parameters,
        PipelineQueries::deadLetter);
  }

  private static PipelineHealth.DeadLetterRow deadLetter(RowBinaryReader in) throws IOException {
    return PipelineHealth.DeadLetterRow.newBuilder()
        .setTimeMs(AlertRows.millis(in))
        .setCode(in.string())
        .setReason(in.string())
        .setPartition(in.int32())
        .setOffset(in.int64())
        .setTenantId(in.string())
        .build();
  }
}
