package dev.tidewatch.store;

import dev.tidewatch.control.v1.AlertFilter;
import java.time.Duration;
import java.util.List;

/**
 * The alerts of a filter in two shares: those that {@code alert_counts} counts, which are of
 * counted days and have their time in whole days (UTC) of the range, and all others.
 */
final class CountedRange {
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  /** Behind 2100, after which no alert is. */
  private static final long NEVER = 4_133_980_800_000L;

  private final List<CountedDays.Day> days;
  private final boolean shadow;
  private final boolean raggedStart;
  private final boolean raggedEnd;
  private final long fromMillis;
  private final long toMillis;

  /**
   * @param days that are counted
   */
  CountedRange(List<CountedDays.Day> days, AlertFilter filter) {
    this.shadow = filter.getShadow();
    this.fromMillis = -Math.floorDiv(-filter.getFromMs(), DAY_MILLIS) * DAY_MILLIS;
    long to = filter.getToMs() > 0 ? filter.getToMs() : NEVER;
    this.toMillis = Math.floorDiv(to, DAY_MILLIS) * DAY_MILLIS;
    this.raggedStart = fromMillis > filter.getFromMs();
    this.raggedEnd = toMillis < to;
    this.days = fromMillis < toMillis ? days : List.of();
  }

  /** Whether the filter asks for nothing but a range of time, of live rules or of shadow ones. */
  static boolean plain(AlertFilter filter) {
    return AlertFilter.newBuilder()
        .setFromMs(filter.getFromMs())
        .setToMs(filter.getToMs())
        .setShadow(filter.getShadow())
        .build()
        .equals(filter);
  }

  /** Whether nothing is counted and all is to be read. */
  boolean isEmpty() {
    return days.isEmpty();
  }

  /** Sets what the texts below ask for. */
  void parameters(Condition condition) {
    condition
        .parameters()
        .words("counted", days.stream().map(CountedDays.Day::partition).toList())
        .unsigned("counts", days.stream().map(CountedDays.Day::countId).toList())
        .number("whole_from", fromMillis * 1000)
        .number("whole_to", toMillis * 1000);
  }

  /** The rows of {@code alert_counts} of a kind, a condition. */
  String counts(String kind) {
    return "tenant_id = {tenant:String} AND kind = '"
        + kind
        + "' AND shadow = "
        + shadow
        + " AND count_id IN ({counts:Array(UInt64)})"
        + " AND time >= fromUnixTimestamp64Micro({whole_from:Int64}, 'UTC')"
        + " AND time < fromUnixTimestamp64Micro({whole_to:Int64}, 'UTC')";
  }

  /** The alerts that are counted, a condition behind that of the filter. */
  static String counted() {
    return "_partition_id IN ({counted:Array(String)})"
        + " AND time >= fromUnixTimestamp64Micro({whole_from:Int64}, 'UTC')"
        + " AND time < fromUnixTimestamp64Micro({whole_to:Int64}, 'UTC')";
  }

  /**
   * {@code columns} of the alerts that {@code condition} lets through and that are not counted, to
   * stand behind FROM. Counted days are one part, so an index may leave out what it likes ({@link
   * SettledDays}).
   */
  String uncounted(String columns, Condition condition) {
    String plain = "SELECT " + columns + " FROM alerts FINAL WHERE " + condition.sql();
    String ofCounted = plain + " AND _partition_id IN ({counted:Array(String)}) AND ";
    String settings = " SETTINGS use_skip_indexes_if_final_exact_mode = 0 UNION ALL ";
    StringBuilder sql = new StringBuilder("(");
    if (raggedStart) {
      String end = "fromUnixTimestamp64Micro({whole_from:Int64}, 'UTC')";
      // An episode begins before the alert.
      sql.append(ofCounted)
          .append("time < ")
          .append(end)
          .append(" AND first_seen < ")
          .append(end)
          .append(settings);
    }
    if (raggedEnd) {
      sql.append(ofCounted)
          .append("time >= fromUnixTimestamp64Micro({whole_to:Int64}, 'UTC') AND ")
          .append(AlertConditions.sinceDayOf("{whole_to:Int64}"))
          .append(settings);
    }
    return sql.append(plain)
        .append(" AND _partition_id NOT IN ({counted:Array(String)}))")
        .toString();
  }
}
