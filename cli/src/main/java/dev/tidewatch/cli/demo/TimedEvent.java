package dev.tidewatch.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewatch.events.LogSource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/**
 * One event of the scenario.
 *
 * @param atMillis when it happens, in milliseconds since the scenario's start
 * @param host who reports it: a host, a sensor, or the number of a cloud account
 * @param hint its log source where the payload does not tell; {@link LogSource#UNKNOWN} otherwise
 * @param template the payload, in which only times are left open
 */
public record TimedEvent(long atMillis, String host, LogSource hint, JsonNode template) {

  /** The payload as its source would have sent it at {@code time}: one JSON object, UTF-8. */
  public byte[] payloadAt(Instant time) {
    JsonNode payload = new Placeholders(Map.of(), EventTimes.at(time)).fill(template);
    return payload.toString().getBytes(StandardCharsets.UTF_8);
  }
}
