package dev.tidewatch.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewatch.events.LogSource;

/**
 * One line of {@code attack.ndjson} or {@code noise.ndjson}.
 *
 * @param atMillis since the start of the scenario, or of the noise's period
 * @param pool the hosts it can come from; empty where the line names its host
 * @param wrapped the whole line
 */
record ScenarioLine(long atMillis, String pool, JsonNode wrapped) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static ScenarioLine parse(String line) {
    try {
      JsonNode wrapped = JSON.readTree(line);
      if (!wrapped.path("at_ms").isIntegralNumber()
          || !wrapped.path("event").isObject()
          || !wrapped.path("host").isTextual()) {
        throw new IllegalArgumentException("at_ms, host and event wanted: " + line);
      }
      return new ScenarioLine(
          wrapped.get("at_ms").longValue(), wrapped.path("pool").asText(""), wrapped);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + line, e);
    }
  }

  ScenarioLine withWrapped(JsonNode filled) {
    return new ScenarioLine(atMillis, pool, filled);
  }

  TimedEvent at(long millis) {
    JsonNode source = wrapped.path("source");
    LogSource hint =
        new LogSource(
            source.path("product").asText(""),
            source.path("category").asText(""),
            source.path("service").asText(""));
    return new TimedEvent(millis, wrapped.get("host").textValue(), hint, wrapped.get("event"));
  }
}
