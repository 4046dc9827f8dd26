package dev.tidewatch.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills <code>@{name}</code> in the string values of an event. Where the placeholder is the whole
 * string and its value is a number, the number takes the string's place. Names that are not known
 * here stay as they are.
 */
final class Placeholders {
  static final Pattern PLACEHOLDER = Pattern.compile("@\\{([a-z0-9:-]+)\\}");

  private final Map<String, Supplier<JsonNode>> made;
  private final Map<String, JsonNode> known;

  /**
   * @param made values that are made when first asked for, then kept in {@code known}
   * @param known values that are there; added to when {@code made} has any
   */
  Placeholders(Map<String, Supplier<JsonNode>> made, Map<String, JsonNode> known) {
    this.made = made;
    this.known = known;
  }

  /** A filled copy of {@code template}. */
  JsonNode fill(JsonNode template) {
    if (template.isTextual()) {
      return fillText(template.textValue());
    }
    if (template.isObject()) {
      ObjectNode filled = JsonNodeFactory.instance.objectNode();
      template.properties().forEach(field -> filled.set(field.getKey(), fill(field.getValue())));
      return filled;
    }
    if (template.isArray()) {
      ArrayNode filled = JsonNodeFactory.instance.arrayNode(template.size());
      template.forEach(element -> filled.add(fill(element)));
      return filled;
    }
    return template;
  }

  private JsonNode fillText(String text) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    if (matcher.matches()) {
      JsonNode value = value(matcher.group(1));
      return value == null ? TextNode.valueOf(text) : value;
    }
    return TextNode.valueOf(
        matcher.replaceAll(found -> Matcher.quoteReplacement(text(found.group(), found.group(1)))));
  }

  private String text(String placeholder, String name) {
    JsonNode value = value(name);
    return value == null ? placeholder : value.asText();
  }

  private @Nullable JsonNode value(String name) {
    JsonNode value = known.get(name);
    Supplier<JsonNode> maker = made.get(name);
    if (value == null && maker != null) {
      value = maker.get();
      known.put(name, value);
    }
    return value;
  }
}
