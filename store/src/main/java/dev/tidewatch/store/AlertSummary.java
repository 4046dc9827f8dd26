package dev.tidewatch.store;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.HistogramBucket;
import dev.tidewatch.control.v1.LevelCount;
import dev.tidewatch.control.v1.NamedCount;
import dev.tidewatch.control.v1.SummarizeAlertsResponse;
import dev.tidewatch.events.v1.Level;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts of the alerts that a filter matches, by level, time, technique, rule and host. */
final class AlertSummary {
  private static final int MAX_BUCKETS = 500;
  private static final int MOST_TECHNIQUES = 1000;
  private static final int MOST_NAMES = 100;

  private static final int BUCKETS = 0b011;
  private static final int RULES = 0b101;
  private static final int HOSTS = 0b110;

  /**
   * All sets in one reading. A rule is there once for each title that it had; techniques as alerts
   * have them, which are few combinations; of hosts, which are many, the first of the order only.
   */
  private static final String COUNTS =
      """
      SELECT toInt8(grouping(bucket, rule_id, host)) AS in_set, toInt64(bucket), CAST(level, 'Int8'),
        rule_id, title, host, technique_ids, count() AS alerts, CAST(max(level), 'Int8'), max(time)
      FROM (%s)
      GROUP BY GROUPING SETS ((bucket, level), (rule_id, title), (host), (technique_ids))
      """;

  private static final String MOST_HOSTS =
      """
      ORDER BY in_set = 6, alerts DESC, host
      LIMIT {hosts:UInt32} BY in_set, if(in_set = 6, 0, cityHash64(bucket, level, rule_id, title, technique_ids))
      """;

  /** As {@link #COUNTS}, of the alerts that are not counted, and what is counted beside it. */
  private static final String WITH_COUNTED =
      """
      SELECT toInt8(in_set), toInt64(bucket), toInt8(level), rule_id, title, host, technique_ids,
        sum(some) AS alerts, toInt8(max(highest)), max(last)
      FROM (
        SELECT in_set, bucket, level, rule_id, title, host, technique_ids, alerts AS some, highest, last
        FROM (
          SELECT toInt8(grouping(bucket, rule_id, host)) AS in_set, toInt64(bucket) AS bucket,
            CAST(level, 'Int8') AS level, rule_id, title, host, technique_ids, count() AS alerts,
            CAST(max(level), 'Int8') AS highest, max(time) AS last
          FROM (%s)
          GROUP BY GROUPING SETS ((bucket, level), (rule_id, title), (host), (technique_ids))
        )
        UNION ALL
        SELECT 3, intDiv(toUnixTimestamp64Micro(toDateTime64(time, 6, 'UTC')) - {origin:Int64}, {width:Int64}) AS bucket,
          CAST(level, 'Int8') AS grade, '', '', '', [], sum(alerts), grade, max(last_time)
        FROM alert_counts WHERE %s GROUP BY bucket, grade
        UNION ALL
        SELECT 5, 0, 0, name, argMax(title, last_time), '', [], sum(alerts), CAST(max(level), 'Int8'), max(last_time)
        FROM alert_counts WHERE %s GROUP BY name
        UNION ALL
        SELECT 6, 0, 0, '', '', name, [], sum(alerts), CAST(max(level), 'Int8'), max(last_time)
        FROM alert_counts WHERE %s GROUP BY name
        UNION ALL
        SELECT 7, 0, 0, '', '', '', [name], sum(alerts), CAST(max(level), 'Int8'), max(last_time)
        FROM alert_counts WHERE %s GROUP BY name
      )
      GROUP BY in_set, bucket, level, rule_id, title, host, technique_ids
      """;

  private static final String ALERT = "time, level, rule_id, title, host, technique_ids";

  private static final String COLUMNS =
      "intDiv(toUnixTimestamp64Micro(time) - {origin:Int64}, {width:Int64}) AS bucket, level,"
          + " rule_id, title, host, technique_ids, time";

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
    return CountedRange.plain(filter)
        ? server.counted().read(tenantId, days -> read(count, new CountedRange(days, filter)))
        : read(count, new CountedRange(List.of(), filter));
  }

  private SummarizeAlertsResponse read(int count, CountedRange range) {
    boolean bounded = filter.getFromMs() > 0 && filter.getToMs() > 0;
    Ends ends = bounded ? new Ends(0, 0, 0) : ends(range);
    long from = filter.getFromMs() > 0 ? filter.getFromMs() : ends.firstMillis;
    long last = ends.count == 0 ? -1 : ends.lastMillis;
    long to = filter.getToMs() > 0 ? filter.getToMs() : Math.max(from, last + 1);
    Buckets buckets = Buckets.of(from, to, count);
    Counts counts = from < to ? count(buckets, range) : new Counts();
    List<HistogramBucket> histogram = buckets.of(counts.buckets);
    SummarizeAlertsResponse.Builder response =
        SummarizeAlertsResponse.newBuilder()
            .setFromMs(from)
            .setToMs(to)
            .addAllHistogram(histogram)
            .addAllLevels(total(histogram));
    response.setTotal(response.getLevelsList().stream().mapToLong(LevelCount::getCount).sum());
    return response
        .addAllTechniques(most(counts.techniques.values(), MOST_TECHNIQUES))
        .addAllRules(most(counts.rules.values(), MOST_NAMES))
        .addAllHosts(most(counts.hosts.values(), MOST_NAMES))
        .build();
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

  private Ends ends(CountedRange range) {
    Condition condition = AlertConditions.of(tenantId, filter);
    String ends = "SELECT count(), min(time), max(time) FROM alerts FINAL WHERE " + condition.sql();
    if (!range.isEmpty()) {
      range.parameters(condition);
      ends =
          """
          SELECT toInt64(sum(n)), minIf(first, n > 0), maxIf(last, n > 0) FROM (
            SELECT count() AS n, min(time) AS first, max(time) AS last FROM %s
            UNION ALL
            SELECT sum(alerts), min(first_time), max(last_time) FROM alert_counts WHERE %s
          )
          """
              .formatted(range.uncounted("time", condition), range.counts("level"));
    }
    return query(ends, condition, Ends::read).get(0);
  }

  /**
   * Of equal width, empty ones too; the first begins at {@code from} and the last ends at {@code
   * to}. From an hour on a width is whole hours and buckets begin with the hour, as counts are
   * kept.
   *
   * @param origin where the first would begin if all were of equal width
   */
  private record Buckets(long origin, long from, long to, long width) {
    private static final long HOUR = 3_600_000;

    static Buckets of(long from, long to, int count) {
      long width = Math.max(1, (to - from + count - 1) / count);
      if (width < HOUR) {
        return new Buckets(from, from, to, width);
      }
      long origin = from / HOUR * HOUR;
      return new Buckets(origin, from, to, -Math.floorDiv(origin - to, count * HOUR) * HOUR);
    }

    boolean areHours() {
      return width % HOUR == 0 && origin % HOUR == 0;
    }

    List<HistogramBucket> of(List<InBucket> found) {
      List<HistogramBucket.Builder> histogram = new ArrayList<>();
      for (long start = origin; start < to; start += width) {
        histogram.add(
            HistogramBucket.newBuilder()
                .setStartMs(Math.max(from, start))
                .setEndMs(Math.min(to, start + width)));
      }
      found.sort(
          Comparator.comparingLong(InBucket::bucket)
              .thenComparing(InBucket::level, Comparator.reverseOrder()));
      for (InBucket in : found) {
        histogram
            .get((int) in.bucket)
            .addLevels(LevelCount.newBuilder().setLevel(in.level).setCount(in.count));
      }
      return histogram.stream().map(HistogramBucket.Builder::build).toList();
    }
  }

  private record InBucket(long bucket, Level level, long count) {}

  /** What has a name, counted up. */
  private static final class Named {
    private final String id;
    private String name;
    private long nameMicros = Long.MIN_VALUE;
    private long count;
    private int highest;

    private Named(String id, String name) {
      this.id = id;
      this.name = name;
    }

    private void add(Row row) {
      count += row.count;
      highest = Math.max(highest, row.highest);
      if (row.set == RULES && row.lastMicros > nameMicros) {
        nameMicros = row.lastMicros;
        name = row.title;
      }
    }
  }

  /** All that is counted, from one reading of the alerts. */
  private static final class Counts {
    private final List<InBucket> buckets = new ArrayList<>();
    private final Map<String, Named> rules = new HashMap<>();
    private final Map<String, Named> hosts = new HashMap<>();
    private final Map<String, Named> techniques = new HashMap<>();

    private void add(Row row) {
      switch (row.set) {
        case BUCKETS -> buckets.add(new InBucket(row.bucket, level(row.level), row.count));
        case RULES -> add(rules, row.rule, "", row);
        case HOSTS -> {
          if (!row.host.isEmpty()) {
            add(hosts, row.host, row.host, row);
          }
        }
        default ->
            row.techniques.stream()
                .distinct()
                .filter(technique -> !technique.isEmpty())
                .forEach(technique -> add(techniques, technique, "", row));
      }
    }

    private static void add(Map<String, Named> counts, String id, String name, Row row) {
      counts.computeIfAbsent(id, absent -> new Named(id, name)).add(row);
    }
  }

  /**
   * A group of one of the sets; what is not of its set is empty.
   *
   * @param set bits of {@code grouping(bucket, rule_id, host)}: one for each that is not of the set
   */
  private record Row(
      int set,
      long bucket,
      int level,
      String rule,
      String title,
      String host,
      List<String> techniques,
      long count,
      int highest,
      long lastMicros) {
    static Row read(RowBinaryReader in) throws IOException {
      return new Row(
          in.int8(),
          in.int64(),
          in.int8(),
          in.string(),
          in.string(),
          in.string(),
          in.array(RowBinaryReader::string),
          in.int64(),
          in.int8(),
          in.int64());
    }
  }

  /** The range is asked for again: alerts may have been stored since its ends were. */
  private Counts count(Buckets buckets, CountedRange range) {
    Condition condition =
        AlertConditions.of(
            tenantId, filter.toBuilder().setFromMs(buckets.from).setToMs(buckets.to).build());
    condition
        .parameters()
        .number("origin", buckets.origin * 1000)
        .number("width", buckets.width * 1000)
        .number("hosts", MOST_NAMES + 1);
    Counts counts = new Counts();
    query(counts(buckets, range, condition) + MOST_HOSTS, condition, Row::read)
        .forEach(counts::add);
    return counts;
  }

  private static String counts(Buckets buckets, CountedRange range, Condition condition) {
    if (range.isEmpty() || !buckets.areHours()) {
      return COUNTS.formatted("SELECT " + COLUMNS + " FROM alerts FINAL WHERE " + condition.sql());
    }
    range.parameters(condition);
    return WITH_COUNTED.formatted(
        "SELECT " + COLUMNS + " FROM " + range.uncounted(ALERT, condition),
        range.counts("level"),
        range.counts("rule"),
        range.counts("host"),
        range.counts("technique"));
  }

  /** Most alerts first. */
  private static List<NamedCount> most(Collection<Named> counts, int limit) {
    return counts.stream()
        .sorted(
            Comparator.comparingLong((Named named) -> named.count)
                .reversed()
                .thenComparing(named -> named.id))
        .limit(limit)
        .map(
            named ->
                NamedCount.newBuilder()
                    .setId(named.id)
                    .setName(named.name)
                    .setCount(named.count)
                    .setHighest(level(named.highest))
                    .build())
        .toList();
  }

  private static Level level(int number) {
    Level level = Level.forNumber(number);
    return level == null ? Level.LEVEL_UNSPECIFIED : level;
  }

  private <T> List<T> query(String sql, Condition condition, RowBinaryReader.Element<T> row) {
    return server.query("summarize alerts", sql, condition.parameters(), row);
  }
}
