package dev.tidewatch.store;

import dev.tidewatch.control.v1.AlertRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Alerts are read in two steps: first which (narrow columns over everything that the filter may
 * match), then their rows (wide columns of a page). The second step prunes by {@code first_seen},
 * which sorts the table.
 */
final class AlertKeys {
  /**
   * @param micros time that orders the list, event time or ingest time
   * @param firstSeenMicros where the table keeps the row
   */
  record Key(UUID id, long micros, long firstSeenMicros) {
    static Key read(RowBinaryReader in) throws IOException {
      return new Key(in.uuid(), in.int64(), in.int64());
    }
  }

  /** Ids travel in the URL, 39 bytes each. */
  private static final int IDS_PER_QUERY = 200;

  /**
   * PREWHERE reads wide columns of matching rows only. It filters before FINAL picks the newest
   * version, so it may only ask for columns of the sorting key, which versions share.
   */
  private static final String AT_PLACE =
      " PREWHERE tenant_id = {tenant:String} AND alert_id IN {ids:Array(UUID)}"
          + " AND first_seen >= fromUnixTimestamp64Micro({first:Int64}, 'UTC')"
          + " AND first_seen <= fromUnixTimestamp64Micro({last:Int64}, 'UTC')";

  private final Server server;

  AlertKeys(Server server) {
    this.server = server;
  }

  /**
   * The newest {@code limit}, newest first.
   *
   * @param fromDay episodes that began from then on are {@code limit} or nearly; empty to look at
   *     all. A page is first taken from these days. Then everything as new as its last alert is
   *     looked at, for long episodes of the days before; the store's index on time makes that
   *     cheap.
   */
  List<Key> newest(Supplier<Condition> conditions, int limit, Optional<Long> fromDay) {
    if (fromDay.isEmpty()) {
      return newest(conditions.get(), limit);
    }
    Condition recent =
        conditions.get().and("first_seen >= fromUnixTimestamp64Micro({page_day:Int64}, 'UTC')");
    recent.parameters().number("page_day", fromDay.get());
    List<Key> keys = newest(recent, limit);
    if (keys.size() < limit) {
      return newest(conditions.get(), limit);
    }
    Condition asNew =
        conditions
            .get()
            .and("time >= fromUnixTimestamp64Micro({page_from:Int64}, 'UTC')")
            .and(AlertConditions.sinceDayOf("{page_from:Int64}"));
    asNew.parameters().number("page_from", keys.get(limit - 1).micros);
    return newest(asNew, limit);
  }

  private List<Key> newest(Condition condition, int limit) {
    condition.parameters().number("limit", limit);
    return server.query(
        "list alerts",
        "SELECT alert_id, time, first_seen FROM "
            + server.settled().alerts("alert_id, time, first_seen", condition)
            + " ORDER BY time DESC, alert_id DESC LIMIT {limit:UInt32}",
        condition.parameters(),
        Key::read);
  }

  /** Rows of {@code keys} in their order; keys without a row (any more) are left out. */
  List<AlertRow> rows(List<Key> keys, Supplier<Condition> conditions) {
    Map<String, AlertRow> byId = new HashMap<>();
    for (int from = 0; from < keys.size(); from += IDS_PER_QUERY) {
      List<Key> chunk = keys.subList(from, Math.min(keys.size(), from + IDS_PER_QUERY));
      fetch(chunk, conditions.get()).forEach(row -> byId.put(row.getAlertId(), row));
    }
    List<AlertRow> rows = new ArrayList<>();
    for (Key key : keys) {
      AlertRow row = byId.get(key.id.toString());
      if (row != null) {
        rows.add(row);
      }
    }
    return rows;
  }

  private List<AlertRow> fetch(List<Key> keys, Condition condition) {
    Comparator<Key> byPlace = Comparator.comparingLong(Key::firstSeenMicros);
    condition
        .parameters()
        .uuids("ids", keys.stream().map(Key::id).toList())
        .number("first", keys.stream().min(byPlace).orElseThrow().firstSeenMicros)
        .number("last", keys.stream().max(byPlace).orElseThrow().firstSeenMicros);
    return server.query(
        "read alerts",
        "SELECT "
            + AlertRows.COLUMNS
            + " FROM alerts FINAL"
            + AT_PLACE
            + " WHERE "
            + condition.sql(),
        condition.parameters(),
        AlertRows::read);
  }
}
