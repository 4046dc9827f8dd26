package dev.tidewatch.store;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertRow;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Alerts of a tenant as they become visible. Of one subscriber; not thread-safe.
 *
 * <p>Rows are stamped with the server's clock ({@code ingest_time}) while their insert runs, and
 * are seen when it commits. So a row with an earlier stamp can become visible after one with a
 * later stamp, and "stamp greater than the last one shown" would lose it. How much later is
 * bounded: an insert is acknowledged within {@link StoreOptions#writeTimeout} of its start, or its
 * writer repeats it with a new stamp. Therefore each poll looks again at the rows stamped within
 * twice that span (twice, for the clocks of replicas) and leaves out what it has shown. Ids and
 * stamps of that span are all that is remembered; stamps before it are done.
 */
public final class AlertTail {
  /** A new subscriber has just read a list: what was stored while it did may come again. */
  private static final Duration SINCE_LIST = Duration.ofSeconds(5);

  private static final String STAMPED =
      """
      SELECT now64(6, 'UTC'), groupArray((alert_id, stamp, place)) FROM (
        SELECT alert_id, max(ingest_time) AS stamp, any(first_seen) AS place
        FROM alerts
        WHERE %s
        GROUP BY alert_id
        ORDER BY stamp, alert_id
        LIMIT {limit:UInt64}
      )
      """;

  private final Server server;
  private final String tenantId;
  private final AlertFilter filter;
  private final long overlapMicros;
  private final Map<UUID, Long> shown = new HashMap<>();
  private long fromMicros;

  private AlertTail(Server server, String tenantId, AlertFilter filter) {
    this.server = server;
    this.tenantId = tenantId;
    this.filter = filter;
    this.overlapMicros = 2 * micros(server.options().writeTimeout());
  }

  static AlertTail open(Server server, String tenantId, AlertFilter filter, String cursor) {
    AlertConditions.of(tenantId, filter); // A filter out of range is told now, not at a poll.
    AlertTail tail = new AlertTail(server, tenantId, filter);
    if (cursor.isEmpty()) {
      tail.startNow();
    } else {
      tail.fromMicros =
          PageToken.decode(cursor, PageToken.Kind.TAIL, tail.fingerprint()).timeMicros();
    }
    return tail;
  }

  /**
   * Alerts that became visible since the last poll, in the order they were stored, at most {@code
   * limit}; empty when there are none. An alert that was stored again (a higher count) appears
   * again. Returns at once.
   *
   * @param limit 1 to 1000
   */
  public List<AlertRow> poll(int limit) {
    QueryLimits.between("limit", limit, 1, QueryLimits.MAX_PAGE);
    while (true) {
      Stamped stamped = stamped(shown.size() + limit);
      List<AlertKeys.Key> unseen = unseen(stamped, limit);
      List<AlertRow> rows =
          new AlertKeys(server).rows(unseen, () -> AlertConditions.of(tenantId, filter));
      unseen.forEach(key -> shown.put(key.id(), key.micros()));
      forget(stamped, unseen, limit);
      if (!rows.isEmpty() || unseen.size() < limit) {
        return rows;
      }
    }
  }

  /**
   * Where another tail continues: it skips nothing and may show alerts of the last minute (twice
   * the write timeout) again.
   */
  public String cursor() {
    return new PageToken(PageToken.Kind.TAIL, fingerprint(), fromMicros, new UUID(0, 0)).encode();
  }

  private record Stamped(long nowMicros, List<AlertKeys.Key> keys) {
    static Stamped read(RowBinaryReader in) throws IOException {
      return new Stamped(in.int64(), in.array(AlertKeys.Key::read));
    }
  }

  /** Older versions of an alert count too, so FINAL is not needed and the index on stamps helps. */
  private Stamped stamped(long limit) {
    Condition condition =
        Condition.ofTenant(tenantId)
            .and("ingest_time >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')");
    condition.parameters().number("from", fromMicros).number("limit", limit);
    return server
        .query(
            "follow alerts",
            STAMPED.formatted(condition.sql()),
            condition.parameters(),
            Stamped::read)
        .get(0);
  }

  private List<AlertKeys.Key> unseen(Stamped stamped, int limit) {
    List<AlertKeys.Key> unseen = new ArrayList<>();
    for (AlertKeys.Key key : stamped.keys) {
      Long before = shown.get(key.id());
      if ((before == null || before < key.micros()) && unseen.size() < limit) {
        unseen.add(key);
      }
    }
    return unseen;
  }

  /** Everything stamped before the overlap has been shown, unless there is more than was read. */
  private void forget(Stamped stamped, List<AlertKeys.Key> unseen, int limit) {
    long done = stamped.nowMicros - overlapMicros;
    if (unseen.size() == limit) {
      done = Math.min(done, unseen.get(limit - 1).micros());
    }
    fromMicros = Math.max(fromMicros, done);
    shown.values().removeIf(stamp -> stamp < fromMicros);
  }

  private void startNow() {
    Stamped probe = stamped(0);
    fromMicros = probe.nowMicros - overlapMicros;
    long justNow = probe.nowMicros - micros(SINCE_LIST);
    for (AlertKeys.Key key : stamped(Long.MAX_VALUE).keys) {
      if (key.micros() < justNow) {
        shown.put(key.id(), key.micros());
      }
    }
  }

  private int fingerprint() {
    return AlertConditions.fingerprint(tenantId, filter);
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }
}
