package dev.tidewatch.store;

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

  static AlertDays read(Server server, Condition condition) {
    return new AlertDays(
        server.query(
            "count alerts",
            "SELECT toInt32(partition) AS day, count() FROM "
                + server.settled().alerts("_partition_id AS partition", condition)
                + " GROUP BY day ORDER BY day DESC",
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
