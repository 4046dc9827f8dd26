package dev.tidewatch.store;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Days of the table {@code alerts} whose counts are kept, for questions that only count. A day is
 * counted when it is one merged part, so that each of its alerts is there once, and {@code
 * alert_counts} has the counts of a part with the very same files. What changes a day makes another
 * part, so counts are never corrected: they are of the day as it is, or they are not used.
 *
 * <p>An answer that is made of counts for some days and of alerts for the others is right when the
 * days stayed as they were while it was read. So they are looked at again behind the reading, and
 * where one has changed (a late alert, a merge, a deletion) everything is read from the alerts.
 * {@link DayCounter} counts. Thread-safe.
 */
final class CountedDays {
  /** What is known may be this old, because a reading is checked in the end. */
  private static final Duration REMEMBERED = Duration.ofSeconds(1);

  /** So many days travel in the URL, 40 bytes each; those before are read. */
  private static final int MOST = 400;

  /** A day is one merged part, named by what is in it. */
  static final String SETTLED_PARTS =
      """
      SELECT partition_id, any(hash_of_all_files) FROM system.parts
      WHERE database = currentDatabase() AND table = 'alerts' AND active
      GROUP BY partition_id HAVING count() = 1 AND max(level) > 0
      """;

  private static final String COUNTED =
      """
      SELECT began, min(count_id) FROM alert_counted
      WHERE tenant_id = {tenant:String} AND (began, part) IN (%s)
      GROUP BY began ORDER BY began DESC LIMIT {most:UInt32}
      """
          .formatted(SETTLED_PARTS);

  /**
   * @param partition of {@code alerts}
   * @param countId of the day's counts in {@code alert_counts}, an unsigned number
   */
  record Day(String partition, long countId) {
    static Day read(RowBinaryReader in) throws IOException {
      return new Day(in.string(), in.int64());
    }
  }

  private record Known(List<Day> days, long askedNanos) {}

  private final Server server;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  CountedDays(Server server) {
    this.server = server;
  }

  /**
   * What {@code reading} finds with the days it is given, none when they changed meanwhile.
   *
   * @param reading counts from {@code alert_counts} the days that it is given, from {@code alerts}
   *     all others
   */
  <T> T read(String tenantId, Function<List<Day>, T> reading) {
    List<Day> days = known(tenantId);
    T answer = reading.apply(days);
    return days.isEmpty() || new HashSet<>(asked(tenantId)).containsAll(days)
        ? answer
        : reading.apply(List.of());
  }

  /** On a cluster replicas merge in their own time, and the next query may be another's. */
  private List<Day> known(String tenantId) {
    if (!server.options().cluster().isEmpty()) {
      return List.of();
    }
    Known last = known.get(tenantId);
    return last == null || System.nanoTime() - last.askedNanos >= REMEMBERED.toNanos()
        ? asked(tenantId)
        : last.days;
  }

  private List<Day> asked(String tenantId) {
    long now = System.nanoTime();
    Condition condition = Condition.ofTenant(tenantId);
    condition.parameters().number("most", MOST);
    List<Day> days = server.query("list counted days", COUNTED, condition.parameters(), Day::read);
    known.values().removeIf(other -> now - other.askedNanos > 60 * REMEMBERED.toNanos());
    known.put(tenantId, new Known(days, now));
    return days;
  }
}
