package dev.tidewatch.store;

import dev.tidewatch.control.v1.AlertFilter;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * How many alerts of a filter there are on each day that their episodes began, newest first. These
 * days are the table's partitions, so counting by them costs no more than counting.
 */
final class AlertDays {
  /**
   * @param startMicros of the day, UTC
   */
  private record Day(long startMicros, long count) {
    static Day read(RowBinaryReader in) throws IOException {
      int yearMonthDay = in.int32();
      LocalDate day =
          LocalDate.of(yearMonthDay / 10_000, yearMonthDay / 100 % 100, yearMonthDay % 100);
      return new Day(day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1_000_000, in.int64());
    }
  }

  private final List<Day> days;

  private AlertDays(List<Day> days) {
    this.days = days;
  }

  static AlertDays read(Server server, String tenantId, AlertFilter filter) {
    Condition condition = AlertConditions.of(tenantId, filter);
    return kind(filter)
        .map(
            kind ->
                server
                    .counted()
                    .read(
                        tenantId,
                        days ->
                            read(server, tenantId, filter, kind, new CountedRange(days, filter))))
        .orElseGet(() -> read(server, condition));
  }

  /** What says how many there are: all counts of a day have a level, and a rule. */
  private static Optional<String> kind(AlertFilter filter) {
    if (CountedRange.plain(filter.toBuilder().clearLevels().build())) {
      return Optional.of("level");
    }
    return CountedRange.plain(filter.toBuilder().clearRuleId().build())
        ? Optional.of("rule")
        : Optional.empty();
  }

  private static AlertDays read(Server server, Condition condition) {
    return new AlertDays(
        server.query(
            "count alerts",
            "SELECT toInt32(partition) AS day, count() FROM "
                + server.settled().alerts("_partition_id AS partition", condition)
                + " GROUP BY day ORDER BY day DESC",
            condition.parameters(),
            Day::read));
  }

  private static AlertDays read(
      Server server, String tenantId, AlertFilter filter, String kind, CountedRange range) {
    Condition condition = AlertConditions.of(tenantId, filter);
    if (range.isEmpty()) {
      return read(server, condition);
    }
    range.parameters(condition);
    String named =
        !kind.equals("level")
            ? " AND name = {rule_id:String}"
            : filter.getLevelsCount() > 0
                ? " AND has({levels:Array(Int8)}, CAST(level, 'Int8'))"
                : "";
    return new AlertDays(
        server.query(
            "count alerts",
            "SELECT day, toInt64(sum(alerts)) AS total FROM ("
                + "SELECT toInt32(partition) AS day, count() AS alerts FROM "
                + range.uncounted("_partition_id AS partition", condition)
                + " GROUP BY day UNION ALL SELECT toInt32(began) AS day, sum(alerts) AS alerts"
                + " FROM alert_counts WHERE "
                + range.counts(kind)
                + named
                + " GROUP BY day) GROUP BY day HAVING total > 0 ORDER BY day DESC",
            condition.parameters(),
            Day::read));
  }

  long total() {
    return days.stream().mapToLong(Day::count).sum();
  }

  /**
   * The latest day from which on there are {@code wanted} alerts, of those that can be behind
   * {@code last}; empty when that is all days.
   */
  Optional<Long> reaching(int wanted, Optional<PageToken> last) {
    long newest = last.map(PageToken::timeMicros).orElse(Long.MAX_VALUE);
    long found = 0;
    for (int i = 0; i < days.size() - 1; i++) {
      found += days.get(i).startMicros > newest ? 0 : days.get(i).count;
      if (found >= wanted) {
        return Optional.of(days.get(i).startMicros);
      }
    }
    return Optional.empty();
  }
}
