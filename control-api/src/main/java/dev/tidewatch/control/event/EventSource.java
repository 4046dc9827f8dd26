package dev.tidewatch.control.event;

import dev.tidewatch.control.v1.EventRow;
import dev.tidewatch.control.v1.ListEventsRequest;
import dev.tidewatch.control.v1.ListEventsResponse;
import java.util.Optional;

/** What the endpoint asks about events; the store answers, in tests a fake. */
public interface EventSource {
  ListEventsResponse list(ListEventsRequest request);

  Optional<EventRow> get(String tenantId, String eventId);
}
