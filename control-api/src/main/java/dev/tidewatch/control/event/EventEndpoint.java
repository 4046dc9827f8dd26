package dev.tidewatch.control.event;

import dev.tidewatch.control.request.Answer;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.EventRow;
import dev.tidewatch.control.v1.EventServiceGrpc;
import dev.tidewatch.control.v1.GetEventRequest;
import dev.tidewatch.control.v1.ListEventsRequest;
import dev.tidewatch.control.v1.ListEventsResponse;
import io.grpc.stub.StreamObserver;
import java.util.Locale;

/** {@code EventService}. Methods run on blocking threads. */
public final class EventEndpoint extends EventServiceGrpc.EventServiceImplBase {
  private static final int LARGEST_PAGE = 1_000;

  private final EventSource events;

  public EventEndpoint(EventSource events) {
    this.events = events;
  }

  @Override
  public void listEvents(ListEventsRequest request, StreamObserver<ListEventsResponse> observer) {
    Answer.with(observer, () -> list(request));
  }

  private ListEventsResponse list(ListEventsRequest request) {
    new FieldChecks()
        .tenant(request.getTenantId())
        .timeRange("", request.getFromMs(), request.getToMs())
        .name("host", request.getHost())
        .require(request.getClassUid() >= 0, "class_uid", "must be an OCSF class, or 0 for all")
        .count("page_size", request.getPageSize(), LARGEST_PAGE)
        .name("page_token", request.getPageToken())
        .done();
    return events.list(request);
  }

  @Override
  public void getEvent(GetEventRequest request, StreamObserver<EventRow> observer) {
    Answer.with(observer, () -> get(request));
  }

  private EventRow get(GetEventRequest request) {
    String id = request.getEventId();
    new FieldChecks().tenant(request.getTenantId()).uuid("event_id", id).done();
    return events
        .get(request.getTenantId(), id.toLowerCase(Locale.ROOT))
        .orElseThrow(() -> Failures.notFound("no event " + id + " of this tenant"));
  }
}
