package dev.tidewatch.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.util.List;

/**
 * One event's payload, parsed, with its log source, time and fields under Sigma's names. The plain
 * way to read an event.
 */
public final class EventDocument {
  private EventDocument() {}

  /**
   * Reads the payload of {@code event}; the envelope decides hints, and time by its time policy.
   */
  public static EventDocument parse(TelemetryEvent event) throws MalformedEventException {
    throw new UnsupportedOperationException();
  }

  /** Reads a bare payload (files, tests): no hints, no observed time. */
  public static EventDocument parse(byte[] payload) throws MalformedEventException {
    throw new UnsupportedOperationException();
  }

  public LogSource logSource() {
    throw new UnsupportedOperationException();
  }

  /**
   * Event time in microseconds since the Unix epoch; {@code Long.MIN_VALUE} when neither payload
   * nor envelope has one.
   */
  public long timeMicros() {
    throw new UnsupportedOperationException();
  }

  /** The reporting host, or empty. */
  public String host() {
    throw new UnsupportedOperationException();
  }

  /**
   * Values of a field under its Sigma name. Empty: the field is missing. A {@code NullNode} in the
   * list: present and null. Arrays come out as their elements (semantics rows 11, 12).
   */
  public List<JsonNode> field(String sigmaName) {
    throw new UnsupportedOperationException();
  }

  /** Every string and number value at any depth, for keywords (row 8). */
  public List<String> scalars() {
    throw new UnsupportedOperationException();
  }

  /** The payload as text (UTF-8, malformed sequences replaced). */
  public String raw() {
    throw new UnsupportedOperationException();
  }

  /** The same event in OCSF columns. Computed on first use. */
  public OcsfEvent ocsf() {
    throw new UnsupportedOperationException();
  }
}
