package dev.tidewatch.control.gateway.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.tidewatch.control.gateway.ingest.GatewayLimits;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.EventReader;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.events.PayloadLimits;
import dev.tidewatch.events.v1.TelemetryEvent;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Log records as events.
 *
 * <p>A body that is a JSON object (as text, or as a map) is the event as its source wrote it and
 * stays so: rules are written for that. A body that is text becomes {@code message}, with the
 * record's attributes beside it as they are named; a record of the collector's syslog receiver gets
 * {@code program} and {@code host}, and is recognised like any other syslog. Resource attributes
 * follow under {@code resource}.
 */
final class LogEvents {
  private static final int DEEPEST = 32;
  private final GatewayLimits limits;
  private final EventReader reader;
  private final Clock clock;

  LogEvents(GatewayLimits limits, Clock clock) {
    this.limits = limits;
    this.reader =
        new EventReader(
            new PayloadLimits(
                limits.maxPayloadBytes(),
                limits.maxJsonDepth(),
                PayloadLimits.DEFAULT.maxTokens()));
    this.clock = clock;
  }

  /**
   * @param rejected records that no event can be made of
   * @param reason of the first of them; empty for none
   */
  record Converted(List<TelemetryEvent> events, int rejected, String reason) {}

  Converted convert(String tenant, ExportLogsServiceRequest request) {
    List<TelemetryEvent> events = new ArrayList<>();
    int rejected = 0;
    String reason = "";
    long now = micros(clock.instant());
    for (ResourceLogs resource : request.getResourceLogsList()) {
      Origin origin = Origin.of(tenant, resource);
      for (ScopeLogs scope : resource.getScopeLogsList()) {
        for (LogRecord log : scope.getLogRecordsList()) {
          try {
            events.add(event(origin, log, now));
          } catch (MalformedEventException e) {
            rejected++;
            reason = reason.isEmpty() ? String.valueOf(e.getMessage()) : reason;
          }
        }
      }
    }
    return new Converted(events, rejected, reason);
  }

  /** What all records of a resource share. */
  private record Origin(String tenant, String host, String name, ObjectNode attributes) {
    static Origin of(String tenant, ResourceLogs resource) {
      ObjectNode attributes = object(resource.getResource().getAttributesList(), 0);
      String service = attributes.path("service.name").asText();
      return new Origin(
          tenant,
          attributes.path("host.name").asText(),
          service.isEmpty() ? "otlp" : "otlp:" + service,
          attributes);
    }
  }

  private TelemetryEvent event(Origin origin, LogRecord log, long now)
      throws MalformedEventException {
    ObjectNode attributes = object(log.getAttributesList(), 0);
    byte[] payload = payload(origin, log, attributes);
    EventDocument document = reader.read(payload);
    long observed = log.getObservedTimeUnixNano() / 1_000;
    long time = log.getTimeUnixNano() / 1_000;
    return TelemetryEvent.newBuilder()
        .setTenantId(origin.tenant())
        .setEventId(EventIds.bytes(EventIds.next()))
        .setObservedTimeUs(time > 0 ? time : observed > 0 ? observed : now)
        .setIngestTimeUs(now)
        .setHost(origin.host().isEmpty() ? document.host() : origin.host())
        .setOrigin(shortened(origin.name()))
        .setPayload(ByteString.copyFrom(payload))
        .build();
  }

  private byte[] payload(Origin origin, LogRecord log, ObjectNode attributes) {
    AnyValue body = log.getBody();
    if (body.hasStringValue() && body.getStringValue().stripLeading().startsWith("{")) {
      byte[] text = body.getStringValue().getBytes(StandardCharsets.UTF_8);
      if (isObject(text)) {
        return text;
      }
    }
    JsonNode value = json(body, 0);
    ObjectNode event =
        value instanceof ObjectNode map ? map : JsonNodeFactory.instance.objectNode();
    if (!(value instanceof ObjectNode)) {
      event.set(
          "message",
          value.isTextual() ? value : JsonNodeFactory.instance.textNode(value.toString()));
    }
    syslog(event, attributes, origin);
    for (var attribute : attributes.properties()) {
      put(event, attribute.getKey(), attribute.getValue());
    }
    describe(event, log);
    if (!origin.attributes().isEmpty()) {
      put(event, "resource", origin.attributes());
    }
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  private boolean isObject(byte[] text) {
    try {
      reader.read(text);
      return true;
    } catch (MalformedEventException e) {
      return text.length > limits.maxPayloadBytes();
    }
  }

  /** Attributes of the collector's syslog receiver under the names that recognition knows. */
  private static void syslog(ObjectNode event, ObjectNode attributes, Origin origin) {
    JsonNode program = attributes.path("appname");
    if (program.isTextual()) {
      put(event, "program", program);
      if (attributes.path("message").isTextual()) {
        event.set("message", attributes.get("message"));
      }
      put(event, "pid", attributes.path("proc_id"));
      put(event, "host", attributes.path("hostname"));
    }
    if (!origin.host().isEmpty() && !event.has("host")) {
      event.set("host", JsonNodeFactory.instance.objectNode().put("name", origin.host()));
    }
  }

  private static void describe(ObjectNode event, LogRecord log) {
    long nanos = log.getTimeUnixNano() > 0 ? log.getTimeUnixNano() : log.getObservedTimeUnixNano();
    if (nanos > 0 && !event.has("timestamp") && !event.has("@timestamp")) {
      event.put(
          "@timestamp",
          Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L).toString());
    }
    if (!log.getSeverityText().isEmpty() && !event.has("severity")) {
      event.put("severity", log.getSeverityText());
    }
    if (!log.getEventName().isEmpty() && !event.has("event_name")) {
      event.put("event_name", log.getEventName());
    }
    if (!log.getTraceId().isEmpty() && !event.has("trace_id")) {
      event.put("trace_id", HexFormat.of().formatHex(log.getTraceId().toByteArray()));
    }
  }

  private static void put(ObjectNode event, String name, JsonNode value) {
    if (!event.has(name) && !value.isMissingNode() && !value.isNull()) {
      event.set(name, value);
    }
  }

  private static ObjectNode object(List<KeyValue> pairs, int depth) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (KeyValue pair : pairs) {
      object.set(pair.getKey(), json(pair.getValue(), depth + 1));
    }
    return object;
  }

  private static JsonNode json(AnyValue value, int depth) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (depth > DEEPEST) {
      return nodes.textNode("(nested deeper than " + DEEPEST + ")");
    }
    return switch (value.getValueCase()) {
      case STRING_VALUE -> nodes.textNode(value.getStringValue());
      case BOOL_VALUE -> nodes.booleanNode(value.getBoolValue());
      case INT_VALUE -> nodes.numberNode(value.getIntValue());
      case DOUBLE_VALUE -> number(value.getDoubleValue());
      case BYTES_VALUE ->
          nodes.textNode(HexFormat.of().formatHex(value.getBytesValue().toByteArray()));
      case KVLIST_VALUE -> object(value.getKvlistValue().getValuesList(), depth);
      case ARRAY_VALUE -> {
        ArrayNode array = nodes.arrayNode();
        value.getArrayValue().getValuesList().forEach(item -> array.add(json(item, depth + 1)));
        yield array;
      }
      default -> NullNode.getInstance();
    };
  }

  /** JSON has no NaN and no infinity. */
  private static JsonNode number(double value) {
    return Double.isFinite(value)
        ? JsonNodeFactory.instance.numberNode(value)
        : JsonNodeFactory.instance.textNode(Double.toString(value));
  }

  private static String shortened(@Nullable String name) {
    return name == null ? "otlp" : name.substring(0, Math.min(255, name.length()));
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
