package dev.tidewatch.store;

import dev.tidewatch.control.v1.EventRow;
import dev.tidewatch.control.v1.ListEventsResponse;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What is asked about events. Every answer is of one tenant and shows each event once. Thread-safe.
 * All methods throw {@link StoreUnavailableException} when ClickHouse cannot answer now.
 */
public final class EventQueries {
  EventQueries() {}

  /**
   * Events in time order, oldest first, without payloads, in keyset pages.
   *
   * @param pageSize 1 to 1000, 0 for 200
   * @throws InvalidPageTokenException for a token that is not of this query
   * @throws IllegalArgumentException for a filter or page size out of range; the message names it
   */
  public ListEventsResponse list(
      String tenantId, EventFilter filter, int pageSize, String pageToken) {
    throw new UnsupportedOperationException();
  }

  /** One event with its payload (malformed UTF-8 replaced). */
  public Optional<EventRow> get(String tenantId, String eventId) {
    throw new UnsupportedOperationException();
  }

  /** Its payload, byte for byte as received. */
  public Optional<byte[]> payload(String tenantId, String eventId) {
    throw new UnsupportedOperationException();
  }

  /** Events with their payloads, in time order; ids that are not stored are left out. */
  public List<EventRow> byIds(String tenantId, Collection<String> eventIds) {
    throw new UnsupportedOperationException();
  }
}
