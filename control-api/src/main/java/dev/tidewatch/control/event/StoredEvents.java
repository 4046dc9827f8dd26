package dev.tidewatch.control.event;

import dev.tidewatch.control.v1.EventRow;
import dev.tidewatch.control.v1.ListEventsRequest;
import dev.tidewatch.control.v1.ListEventsResponse;
import dev.tidewatch.store.ClickHouseStore;
import dev.tidewatch.store.EventFilter;
import dev.tidewatch.store.EventQueries;
import java.util.Optional;

/** Events as ClickHouse has them. */
public final class StoredEvents implements EventSource {
  private final EventQueries events;

  public StoredEvents(ClickHouseStore store) {
    this.events = store.eventQueries();
  }

  @Override
  public ListEventsResponse list(ListEventsRequest request) {
    EventFilter filter =
        new EventFilter(
            request.getFromMs(), request.getToMs(), request.getHost(), request.getClassUid());
    return events.list(
        request.getTenantId(), filter, request.getPageSize(), request.getPageToken());
  }

  @Override
  public Optional<EventRow> get(String tenantId, String eventId) {
    return events.get(tenantId, eventId);
  }
}
