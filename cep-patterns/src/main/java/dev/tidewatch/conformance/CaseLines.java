package dev.tidewatch.conformance;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines of the protocol. Events pass byte for byte as they stand in the line, so that numbers
 * keep their spelling.
 */
public final class CaseLines {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonFactory FACTORY = new JsonFactory();

  private CaseLines() {}

  /** What is sent to an engine. */
  public static String question(ConformanceCase question) {
    return line(question, false);
  }

  /** A question with everything else that is known of it, for files. */
  public static String whole(ConformanceCase question) {
    return line(question, true);
  }

  private static String line(ConformanceCase question, boolean whole) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("id", question.id());
      if (whole) {
        json.writeNumberField("row", question.row());
        json.writeStringField("about", question.about());
        json.writeStringField("expected", question.expected().key());
        if (!question.code().isEmpty()) {
          json.writeStringField("code", question.code());
        }
      }
      json.writeStringField("rule", question.rule());
      json.writeFieldName("event");
      json.writeRawValue(question.event());
      if (!question.lists().isEmpty()) {
        json.writeFieldName("lists");
        json.writeRawValue(JSON.writeValueAsString(question.lists()));
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a StringWriter does not fail", e);
    }
    return out.toString();
  }

  /**
   * Reads a question.
   *
   * @throws IOException when the line is none, with what is wrong in the message
   */
  public static ConformanceCase question(String line) throws IOException {
    String id = null;
    String rule = null;
    String event = null;
    Map<String, List<String>> lists = new LinkedHashMap<>();
    try (JsonParser parser = FACTORY.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("a question is a JSON object");
      }
      for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
        JsonToken token = parser.nextToken();
        switch (key) {
          case "id" -> id = parser.getText();
          case "rule" -> rule = parser.getText();
          case "event" -> event = event(parser, token, line);
          case "lists" -> lists = lists(JSON.readTree(parser));
          default -> parser.skipChildren();
        }
      }
    }
    if (id == null || rule == null || event == null) {
      throw new IOException("a question has an id, a rule and an event");
    }
    return new ConformanceCase(id, 0, "", rule, event, lists, Outcome.ERROR, "");
  }

  private static String event(JsonParser parser, JsonToken token, String line) throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    int from = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    return token == JsonToken.START_OBJECT
        ? line.substring(from, (int) parser.currentLocation().getCharOffset())
        : parser.getText();
  }

  private static Map<String, List<String>> lists(JsonNode node) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      List<String> values = new ArrayList<>();
      entry.getValue().forEach(value -> values.add(value.asText()));
      lists.put(entry.getKey(), values);
    }
    return lists;
  }

  /** What an engine prints. */
  public static String answer(Answer answer) {
    var out = JSON.createObjectNode();
    out.put("id", answer.id()).put("outcome", answer.outcome().key());
    if (!answer.code().isEmpty()) {
      out.put("code", answer.code());
    }
    if (!answer.message().isEmpty()) {
      out.put("message", answer.message());
    }
    return out.toString();
  }

  /**
   * Reads an answer.
   *
   * @throws IOException when the line is none
   */
  public static Answer answer(String line) throws IOException {
    JsonNode node = JSON.readTree(line);
    if (!node.path("id").isTextual()) {
      throw new IOException("an answer has an id: " + line);
    }
    Outcome outcome =
        Outcome.of(node.path("outcome").asText())
            .orElseThrow(
                () -> new IOException("outcome is match, no-match, rejected or error: " + line));
    return new Answer(
        node.path("id").asText(),
        outcome,
        node.path("code").asText(""),
        node.path("message").asText(""));
  }
}
