package dev.tidewatch.control.event;

import dev.tidewatch.control.request.Readings;
import dev.tidewatch.control.v1.EventRow;
import dev.tidewatch.control.v1.ListEventsRequest;
import dev.tidewatch.control.v1.ListEventsResponse;
import java.util.Optional;

/** Events of a source, read by no more at once than it can answer. */
public final class AdmittedEvents implements EventSource {
  private final EventSource events;
  private final Readings readings;

  public AdmittedEvents(EventSource events, Readings readings) {
    this.events = events;
    this.readings = readings;
  }

  @Override
  public ListEventsResponse list(ListEventsRequest request) {
    return readings.searches().read(() -> events.list(request));
  }

  @Override
  public Optional<EventRow> get(String tenantId, String eventId) {
    return readings.lookups().read(() -> events.get(tenantId, eventId));
  }
}
