package dev.tidewatch.store;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.HistogramBucket;
import dev.tidewatch.control.v1.LevelCount;
import dev.tidewatch.control.v1.NamedCount;
import dev.tidewatch.control.v1.SummarizeAlertsResponse;
import dev.tidewatch.events.v1.Level;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts of the alerts that a filter matches, by level, time, technique, rule and host. */
final class AlertSummary {
  private static final int MAX_BUCKETS = 500;

  private final Server server;
  private final String tenantId;
  private final AlertFilter filter;

  AlertSummary(Server server, String tenantId, AlertFilter filter) {
    this.server = server;
    this.tenantId = tenantId;
    this.filter = filter;
  }

  /** Counts agree with the histogram, whose bounds they give where the filter leaves them open. */
  SummarizeAlertsResponse read(int buckets) {
    int count = QueryLimits.between("buckets", buckets == 0 ? 60 : buckets, 1, MAX_BUCKETS);
    boolean bounded = filter.getFromMs() > 0 && filter.getToMs() > 0;
    Ends ends = bounded ? new Ends(0, 0, 0) : ends();
    long from = filter.getFromMs() > 0 ? filter.getFromMs() : ends.firstMillis;
    long last = ends.count == 0 ? -1 : ends.lastMillis;
    long to = filter.getToMs() > 0 ? filter.getToMs() : Math.max(from, last + 1);
    List<HistogramBucket> histogram = histogram(from, to, count);
    SummarizeAlertsResponse.Builder response =
        SummarizeAlertsResponse.newBuilder()
            .setFromMs(from)
            .setToMs(to)
            .addAllHistogram(histogram)
            .addAllLevels(total(histogram));
    response.setTotal(response.getLevelsList().stream().mapToLong(LevelCount::getCount).sum());
    if (response.getTotal() > 0) {
      response
          .addAllTechniques(
              named("arrayJoin(arrayDistinct(technique_ids))", "''", "id != ''", 1000))
          .addAllRules(named("rule_id", "argMax(title, time)", "1", 100))
          .addAllHosts(named("host", "any(host)", "id != ''", 100));
    }
    return response.build();
  }

  /** Highest level first. */
  private static List<LevelCount> total(List<HistogramBucket> histogram) {
    Map<Level, Long> counts = new EnumMap<>(Level.class);
    histogram.stream()
        .flatMap(bucket -> bucket.getLevelsList().stream())
        .forEach(level -> counts.merge(level.getLevel(), level.getCount(), Long::sum));
    return counts.entrySet().stream()
        .sorted(Map.Entry.<Level, Long>comparingByKey().reversed())
        .map(
            level ->
                LevelCount.newBuilder().setLevel(level.getKey()).setCount(level.getValue()).build())
        .toList();
  }

  /** When the first and the last alert were. */
  private record Ends(long count, long firstMillis, long lastMillis) {
    static Ends read(RowBinaryReader in) throws IOException {
      return new Ends(in.int64(), AlertRows.millis(in), AlertRows.millis(in));
    }
  }

  private Ends ends() {
    return query(
            "SELECT count(), min(time), max(time) FROM alerts FINAL WHERE %s",
            condition(), Ends::read)
        .get(0);
  }

  private record InBucket(long bucket, Level level, long count) {
    static InBucket read(RowBinaryReader in) throws IOException {
      return new InBucket(in.int64(), AlertRows.level(in), in.int64());
    }
  }

  /** Buckets of equal width, empty ones too; the last ends at {@code to}. */
  private List<HistogramBucket> histogram(long from, long to, int buckets) {
    List<HistogramBucket.Builder> histogram = new ArrayList<>();
    long width = Math.max(1, (to - from + buckets - 1) / buckets);
    for (long start = from; start < to; start += width) {
      histogram.add(
          HistogramBucket.newBuilder().setStartMs(start).setEndMs(Math.min(to, start + width)));
    }
    if (!histogram.isEmpty()) {
      for (InBucket found : inBuckets(from, to, width)) {
        histogram
            .get((int) found.bucket)
            .addLevels(LevelCount.newBuilder().setLevel(found.level).setCount(found.count));
      }
    }
    return histogram.stream().map(HistogramBucket.Builder::build).toList();
  }

  /** The range is asked for again: alerts may have been stored since the levels were counted. */
  private List<InBucket> inBuckets(long from, long to, long width) {
    Condition condition =
        AlertConditions.of(tenantId, filter.toBuilder().setFromMs(from).setToMs(to).build());
    condition.parameters().number("origin", from * 1000).number("width", width * 1000);
    return query(
        "SELECT intDiv(toUnixTimestamp64Micro(time) - {origin:Int64}, {width:Int64}) AS bucket,"
            + " level, count() FROM alerts FINAL WHERE %s"
            + " GROUP BY bucket, level ORDER BY bucket, level DESC",
        condition, InBucket::read);
  }

  /**
   * The most frequent values of {@code id}.
   *
   * @param having which values count, over {@code id}
   */
  private List<NamedCount> named(String id, String name, String having, int limit) {
    Condition condition = condition();
    condition.parameters().number("limit", limit);
    return query(
        "SELECT "
            + id
            + " AS id, "
            + name
            + " AS name, count() AS alerts, max(level) FROM alerts FINAL WHERE %s GROUP BY id"
            + " HAVING "
            + having
            + " ORDER BY alerts DESC, id LIMIT {limit:UInt32}",
        condition,
        AlertSummary::namedCount);
  }

  private static NamedCount namedCount(RowBinaryReader in) throws IOException {
    return NamedCount.newBuilder()
        .setId(in.string())
        .setName(in.string())
        .setCount(in.int64())
        .setHighest(AlertRows.level(in))
        .build();
  }

  private Condition condition() {
    return AlertConditions.of(tenantId, filter);
  }

  private <T> List<T> query(String sql, Condition condition, RowBinaryReader.Element<T> row) {
    return server.query(
        "summarize alerts", sql.formatted(condition.sql()), condition.parameters(), row);
  }
}
