package dev.tidewatch.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tidewatch.agent.collect.CollectorStatus;
import dev.tidewatch.agent.update.UpdateStatus;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;

/** The agent's health as JSON in a file, for {@code agent status} and for monitoring. */
final class StatusFile {
  private static final JsonFactory JSON = new JsonFactory();

  private final Path file;
  private final InstantSource clock;

  StatusFile(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  void write(Health health) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      head(health, json);
      update(health.update(), json);
      json.writeArrayFieldStart("collectors");
      for (CollectorStatus collector : health.collectors()) {
        collector(collector, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text + "\n");
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private void head(Health health, JsonGenerator json) throws IOException {
    json.writeNumberField("pid", ProcessHandle.current().pid());
    json.writeStringField("time", clock.instant().toString());
    json.writeStringField("version", health.facts().version());
    json.writeStringField("agent_id", health.identity().agentId());
    json.writeStringField("tenant_id", health.identity().tenantId());
    json.writeStringField("gateway", health.identity().endpoint());
    json.writeStringField("certificate_until", health.identity().notAfter().toString());
    json.writeBooleanField("connected", health.sender().connected());
    json.writeStringField("connection", health.sender().detail());
    json.writeNumberField("connections", health.sender().connections());
    json.writeNumberField("events_collected", health.collected());
    json.writeNumberField("events_sent", health.sender().eventsSent());
    json.writeNumberField("events_dropped", health.dropped());
    json.writeNumberField("spool_events", health.spool().events());
    json.writeNumberField("spool_bytes", health.spool().bytes());
    json.writeNumberField("spool_oldest_ms", health.spool().oldestAgeMillis());
    json.writeNumberField("spool_blocked", health.spool().blocked());
    json.writeNumberField("configuration_version", health.configurationVersion());
    json.writeBooleanField("network_isolated", health.isolated());
    json.writeNumberField("resident_bytes", Health.residentBytes());
    json.writeNumberField("cpu_seconds", Health.cpuSeconds());
  }

  private static void update(UpdateStatus update, JsonGenerator json) throws IOException {
    boolean checked = !update.lastCheck().equals(Instant.EPOCH);
    json.writeObjectFieldStart("update");
    json.writeStringField("current", update.current());
    json.writeStringField("available", update.available());
    json.writeStringField("last_check", checked ? update.lastCheck().toString() : "");
    json.writeStringField("last_error", update.lastError());
    json.writeBooleanField("on_trial", update.onTrial());
    json.writeEndObject();
  }

  private static void collector(CollectorStatus collector, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", collector.name());
    json.writeStringField("state", collector.state().name().toLowerCase(java.util.Locale.ROOT));
    json.writeNumberField("events", collector.events());
    json.writeNumberField("dropped", collector.dropped());
    json.writeNumberField("restarts", collector.restarts());
    json.writeStringField("detail", collector.detail());
    json.writeEndObject();
  }
}
