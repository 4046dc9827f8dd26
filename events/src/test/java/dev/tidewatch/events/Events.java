package dev.tidewatch.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Events for tests, written with ' for " so that they can be read. */
final class Events {
  private Events() {}

  static EventDocument parse(String json) throws MalformedEventException {
    return EventDocument.parse(bytes(json.replace('\'', '"')));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A complete envelope around a payload. */
  static TelemetryEvent.Builder envelope(String payload) {
    return TelemetryEvent.newBuilder()
        .setTenantId("default")
        .setEventId(EventIds.bytes(new UUID(1, 2)))
        .setIngestTimeUs(1_730_000_000_000_000L)
        .setPayload(ByteString.copyFromUtf8(payload.replace('\'', '"')));
  }

  /** Field values as text. */
  static List<String> texts(EventDocument event, String field) {
    return event.field(field).stream().map(JsonNode::asText).toList();
  }
}
