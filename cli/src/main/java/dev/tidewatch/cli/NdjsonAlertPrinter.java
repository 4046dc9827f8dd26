package dev.tidewatch.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tidewatch.match.RuleMatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One JSON line an alert: rule_id, title, level, file, record, time, fields (matched field to
 * value).
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
