package dev.tidewatch.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.remember.EpisodeReason;
import dev.tidewatch.remember.EpisodeUpdate;
import dev.tidewatch.remember.StatefulRule;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One JSON line an alert: rule_id, title, level, file, record, time, fields (matched field to
 * value). Of a correlation or pattern: rule_id, title, level, kind, time (when its condition became
 * true), first_seen, last_seen, count, group (group-by field to value), reason, evidence (file and
 * record, or of a chain alert_id), alert_id as in the stream.
 */
final class NdjsonAlertPrinter implements AlertPrinter {
  private final PrintWriter out;
  private final JsonGenerator json;

  NdjsonAlertPrinter(PrintWriter out) throws IOException {
    this.out = out;
    json = new JsonFactory().createGenerator(out).setRootValueSeparator(null);
    json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
  }

  @Override
  public void print(FileAlert alert) throws IOException {
    json.writeStartObject();
    json.writeStringField("rule_id", alert.match().rule().id());
    json.writeStringField("title", alert.match().rule().title());
    json.writeStringField("level", alert.match().rule().level());
    json.writeStringField("file", alert.file());
    json.writeNumberField("record", alert.record());
    json.writeStringField("time", alert.time());
    json.writeObjectFieldStart("fields");
    for (Map.Entry<String, String> field : fields(alert.match()).entrySet()) {
      json.writeStringField(field.getKey(), field.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
    json.writeRaw('\n');
  }

  @Override
  public void print(FileEpisode alert) throws IOException {
    StatefulRule rule = alert.found().rule();
    EpisodeUpdate episode = alert.found().episode();
    json.writeStartObject();
    json.writeStringField("rule_id", rule.id());
    json.writeStringField("title", rule.head().title());
    json.writeStringField("level", rule.head().level());
    json.writeStringField("kind", rule.kind());
    json.writeStringField("time", alert.time());
    json.writeStringField("first_seen", FileEpisode.time(episode.firstMicros()));
    json.writeStringField("last_seen", FileEpisode.time(episode.lastMicros()));
    json.writeNumberField("count", episode.count());
    json.writeObjectFieldStart("group");
    for (int i = 0; i < alert.found().key().size(); i++) {
      json.writeStringField(rule.groupBy().get(i), alert.found().key().value(i));
    }
    json.writeEndObject();
    json.writeStringField("reason", EpisodeReason.of(alert.found().key(), rule, episode));
    evidence(alert);
    json.writeStringField("alert_id", alert.found().alertId().toString());
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private void evidence(FileEpisode alert) throws IOException {
    json.writeArrayFieldStart("evidence");
    for (FileEpisode.Place event : alert.evidence()) {
      json.writeStartObject();
      if (event.alertId().isEmpty()) {
        json.writeStringField("file", event.file());
        json.writeNumberField("record", event.record());
      } else {
        json.writeStringField("alert_id", event.alertId());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /**
   * A field may hold by several predicates; its value is the same each time. Keywords stand under
   * {@code keywords}.
   */
  private static Map<String, String> fields(RuleMatch match) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (RuleMatch.Field field : match.fields()) {
      fields.putIfAbsent(field.field().isEmpty() ? "keywords" : field.field(), field.value());
    }
    return fields;
  }

  @Override
  public void end() throws IOException {
    json.flush();
    out.flush();
  }
}
