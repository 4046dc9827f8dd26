package dev.tidewatch.store;

import java.time.Duration;
import java.util.List;

/**
 * Days of the table {@code alerts} that are one merged part: each of their alerts is there once.
 *
 * <p>An index may say that a newer version of an alert does not match and need not be read, and
 * then FINAL would show the older one. So ClickHouse, with FINAL, reads again what an index left
 * out where it could overlap with what is read, which for alerts, sorted by a random id, is
 * everything. Where a day is settled there are no versions, and the index may do its work. A
 * version that comes into such a day just now may be missed for {@link #REMEMBERED}, as if it had
 * come then; no alert is shown twice, because these days are read with FINAL too.
 */
final class SettledDays {
  static final Duration REMEMBERED = Duration.ofSeconds(1);

  private record Known(List<String> days, long askedNanos) {}

  private final Server server;
  private volatile Known known = new Known(List.of(), System.nanoTime() - REMEMBERED.toNanos());

  SettledDays(Server server) {
    this.server = server;
  }

  /**
   * {@code columns} of the alerts that {@code condition} lets through, to stand behind FROM.
   *
   * @param condition gets a parameter more
   */
  String alerts(String columns, Condition condition) {
    String plain = "SELECT " + columns + " FROM alerts FINAL WHERE " + condition.sql();
    List<String> settled = condition.indexed() ? days() : List.of();
    if (settled.isEmpty()) {
      return "(" + plain + ")";
    }
    condition.parameters().words("settled", settled);
    return "("
        + plain
        + " AND _partition_id IN ({settled:Array(String)})"
        + " SETTINGS use_skip_indexes_if_final_exact_mode = 0 UNION ALL "
        + plain
        + " AND _partition_id NOT IN ({settled:Array(String)}))";
  }

  /** On a cluster replicas merge in their own time, and the next query may be another's. */
  List<String> days() {
    if (!server.options().cluster().isEmpty()) {
      return List.of();
    }
    Known last = known;
    if (System.nanoTime() - last.askedNanos >= REMEMBERED.toNanos()) {
      last = new Known(read(), System.nanoTime());
      known = last;
    }
    return last.days;
  }

  private List<String> read() {
    return server.query(
        "list settled days",
        """
        SELECT partition_id FROM system.parts
        WHERE database = currentDatabase() AND table = 'alerts' AND active
        GROUP BY partition_id HAVING count() = 1 AND max(level) > 0
        """,
        new QueryParameters(),
        RowBinaryReader::string);
  }
}
