package dev.tidewatch.store;

import dev.tidewatch.control.v1.EventRow;
import dev.tidewatch.control.v1.ListEventsResponse;
import dev.tidewatch.events.v1.Evidence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What is asked about events. Every answer is of one tenant and shows each event once. Thread-safe.
 * All methods throw {@link StoreUnavailableException} when ClickHouse cannot answer now.
 */
public final class EventQueries {
  // PREWHERE reads the many wide columns of matching rows only. It filters before FINAL drops
  // duplicates, so it may only ask for columns of the sorting key, which duplicates share.

  /** Ids travel in the URL, 39 bytes each. */
  private static final int IDS_PER_QUERY = 200;

  /** So few are asked for together with those of others who ask at the same time. */
  private static final int FEW = 20;

  private final Server server;
  private final Gathered<UUID, EventRow> together;

  EventQueries(Server server) {
    this.server = server;
    this.together = new Gathered<>(this::byId, IDS_PER_QUERY);
  }

  /**
   * Events in time order, oldest first, without payloads, in keyset pages.
   *
   * @param pageSize 1 to 1000, 0 for 200
   * @throws InvalidPageTokenException for a token that is not of this query
   * @throws IllegalArgumentException for a filter or page size out of range; the message names it
   */
  public ListEventsResponse list(
      String tenantId, EventFilter filter, int pageSize, String pageToken) {
    int size = QueryLimits.pageSize(pageSize);
    int query = PageToken.fingerprint(tenantId, filter.toString().getBytes(StandardCharsets.UTF_8));
    Condition page = condition(tenantId, filter);
    if (!pageToken.isEmpty()) {
      page.after(PageToken.decode(pageToken, PageToken.Kind.EVENTS, query), "event_id");
    }
    List<Key> keys = keys(page, size + 1);
    ListEventsResponse.Builder response = ListEventsResponse.newBuilder();
    if (keys.size() > size) {
      keys = keys.subList(0, size);
      Key last = keys.get(size - 1);
      response.setNextPageToken(
          new PageToken(PageToken.Kind.EVENTS, query, last.micros, last.id).encode());
    }
    return response.addAllEvents(rows(tenantId, keys)).build();
  }

  /**
   * One event with its payload (malformed UTF-8 replaced).
   *
   * @throws IllegalArgumentException when {@code eventId} is no UUID
   */
  public Optional<EventRow> get(String tenantId, String eventId) {
    return byIds(tenantId, List.of(eventId)).stream().findFirst();
  }

  /**
   * Its payload, byte for byte as received.
   *
   * @throws IllegalArgumentException when {@code eventId} is no UUID
   */
  public Optional<byte[]> payload(String tenantId, String eventId) {
    Condition condition = Condition.ofTenant(tenantId).and("event_id = {id:UUID}");
    condition.parameters().uuid("id", QueryLimits.uuid("event_id", eventId));
    return server
        .query(
            "get payload",
            "SELECT payload FROM events FINAL PREWHERE " + condition.sql() + " LIMIT 1",
            condition.parameters(),
            RowBinaryReader::bytes)
        .stream()
        .findFirst();
  }

  /**
   * Events with their payloads, in time order; ids that are not stored are left out. Where the
   * events' times are known, {@link #byEvidence} finds them faster.
   *
   * @throws IllegalArgumentException when an id is no UUID
   */
  public List<EventRow> byIds(String tenantId, Collection<String> eventIds) {
    List<UUID> ids = uuids(eventIds);
    List<EventRow> rows = new ArrayList<>();
    if (ids.size() <= FEW) {
      Map<UUID, EventRow> found = ids.isEmpty() ? Map.of() : together.of(tenantId, ids);
      ids.stream().filter(found::containsKey).map(found::get).forEach(rows::add);
      return inTimeOrder(rows);
    }
    for (int from = 0; from < ids.size(); from += IDS_PER_QUERY) {
      List<UUID> chunk = ids.subList(from, Math.min(ids.size(), from + IDS_PER_QUERY));
      rows.addAll(whole(Condition.ofTenant(tenantId), chunk));
    }
    return inTimeOrder(rows);
  }

  private Map<UUID, EventRow> byId(String tenantId, Collection<UUID> ids) {
    Map<UUID, EventRow> rows = new HashMap<>();
    whole(Condition.ofTenant(tenantId), List.copyOf(ids))
        .forEach(row -> rows.put(UUID.fromString(row.getEventId()), row));
    return rows;
  }

  /** Events of an alert with their payloads, in time order; those not stored are left out. */
  public List<EventRow> byEvidence(String tenantId, Collection<Evidence> evidence) {
    Set<String> wanted = new LinkedHashSet<>();
    evidence.forEach(event -> wanted.add(event.getEventId()));
    List<EventRow> rows = new ArrayList<>();
    List<Evidence> all = List.copyOf(evidence);
    for (int from = 0; from < all.size(); from += IDS_PER_QUERY) {
      rows.addAll(
          atTheirTimes(tenantId, all.subList(from, Math.min(all.size(), from + IDS_PER_QUERY))));
    }
    rows.forEach(row -> wanted.remove(row.getEventId()));
    // An event whose stored time was replaced is not at its evidence's time.
    rows.addAll(byIds(tenantId, wanted));
    return inTimeOrder(rows);
  }

  private List<EventRow> atTheirTimes(String tenantId, List<Evidence> evidence) {
    Condition condition =
        Condition.ofTenant(tenantId)
            .and("time >= fromUnixTimestamp64Micro({first:Int64}, 'UTC')")
            .and("time <= fromUnixTimestamp64Micro({last:Int64}, 'UTC')");
    condition
        .parameters()
        .number("first", evidence.stream().mapToLong(Evidence::getTimeUs).min().orElseThrow())
        .number("last", evidence.stream().mapToLong(Evidence::getTimeUs).max().orElseThrow());
    return whole(condition, uuids(evidence.stream().map(Evidence::getEventId).toList()));
  }

  private List<EventRow> whole(Condition condition, List<UUID> ids) {
    condition.and("event_id IN {ids:Array(UUID)}");
    condition.parameters().uuids("ids", ids);
    return server.query(
        "get events",
        "SELECT " + EventRows.ALL_COLUMNS + " FROM events FINAL PREWHERE " + condition.sql(),
        condition.parameters(),
        EventRows::readWhole);
  }

  private record Key(UUID id, long micros) {
    static Key read(RowBinaryReader in) throws IOException {
      return new Key(in.uuid(), in.int64());
    }
  }

  private static Condition condition(String tenantId, EventFilter filter) {
    Condition condition =
        Condition.ofTenant(tenantId).between("time", filter.fromMillis(), filter.toMillis());
    if (!filter.host().isEmpty()) {
      condition.and("host = {host:String}");
      condition.parameters().string("host", QueryLimits.text("host", filter.host()));
    }
    if (filter.classUid() != 0) {
      condition.and("class_uid = {class_uid:UInt32}");
      condition
          .parameters()
          .number("class_uid", QueryLimits.between("class_uid", filter.classUid(), 1, 1_000_000));
    }
    return condition;
  }

  /** Which events are on the page: narrow columns only. */
  private List<Key> keys(Condition condition, int limit) {
    condition.parameters().number("limit", limit);
    return server.query(
        "list events",
        "SELECT event_id, time FROM events FINAL WHERE "
            + condition.sql()
            + " ORDER BY time, event_id LIMIT {limit:UInt32}",
        condition.parameters(),
        Key::read);
  }

  private List<EventRow> rows(String tenantId, List<Key> keys) {
    List<EventRow> rows = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += IDS_PER_QUERY) {
      rows.addAll(chunk(tenantId, keys.subList(from, Math.min(keys.size(), from + IDS_PER_QUERY))));
    }
    return rows;
  }

  private List<EventRow> chunk(String tenantId, List<Key> keys) {
    Condition condition =
        Condition.ofTenant(tenantId)
            .and("time >= fromUnixTimestamp64Micro({first:Int64}, 'UTC')")
            .and("time <= fromUnixTimestamp64Micro({last:Int64}, 'UTC')")
            .and("event_id IN {ids:Array(UUID)}");
    condition
        .parameters()
        .number("first", keys.get(0).micros)
        .number("last", keys.get(keys.size() - 1).micros)
        .uuids("ids", keys.stream().map(Key::id).toList());
    return server.query(
        "list events",
        "SELECT "
            + EventRows.COLUMNS
            + " FROM events FINAL PREWHERE "
            + condition.sql()
            + " ORDER BY time, event_id",
        condition.parameters(),
        EventRows::read);
  }

  private static List<UUID> uuids(Collection<String> eventIds) {
    return eventIds.stream().map(id -> QueryLimits.uuid("event_id", id)).distinct().toList();
  }

  private static List<EventRow> inTimeOrder(List<EventRow> rows) {
    rows.sort(Comparator.comparingLong(EventRow::getTimeMs).thenComparing(EventRow::getEventId));
    return rows;
  }
}
