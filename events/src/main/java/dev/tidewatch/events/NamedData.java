package dev.tidewatch.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * Windows event data that kept its XML form: {@code "Data": [{"@Name": "Image", "#text": "…"}]},
 * also with {@code Name} and with {@code #attributes}. Read as {@code {"Image": "…"}}.
 */
final class NamedData {
  private NamedData() {}

  /** The members by name, or null when {@code eventData} has no such list. */
  static @Nullable ObjectNode of(ObjectNode eventData) {
    JsonNode data = eventData.get("Data");
    if (data == null) {
      return null;
    }
    ObjectNode named = null;
    if (data instanceof ArrayNode) {
      for (JsonNode item : data) {
        named = add(item, named, eventData);
      }
      return named;
    }
    return add(data, null, eventData);
  }

  private static @Nullable ObjectNode add(
      JsonNode item, @Nullable ObjectNode named, ObjectNode eventData) {
    String name = name(item);
    if (name == null) {
      return named;
    }
    ObjectNode into = named == null ? eventData.objectNode() : named;
    JsonNode text = item.get("#text");
    if (text == null) {
      text = item.get("Value");
    }
    into.set(name, text == null ? eventData.textNode("") : text);
    return into;
  }

  private static @Nullable String name(JsonNode item) {
    JsonNode attributes = item.get("#attributes");
    JsonNode name =
        attributes != null
            ? attributes.get("Name")
            : item.has("@Name") ? item.get("@Name") : item.get("Name");
    return name == null || !name.isTextual() ? null : name.textValue();
  }
}
