package dev.tidewatch.match;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of one field of one event. An array is its elements (row 11). Text and folded text are
 * made on first use and kept for the event. Reused from event to event.
 */
final class FieldValues {
  private List<JsonNode> nodes = List.of();
  private @Nullable String[] texts = new String[1];
  private @Nullable String[] folded = new String[1];

  void load(List<JsonNode> values) {
    nodes = values;
    if (texts.length < values.size()) {
      texts = new String[values.size()];
      folded = new String[values.size()];
    } else {
      java.util.Arrays.fill(texts, 0, values.size(), null);
      java.util.Arrays.fill(folded, 0, values.size(), null);
    }
  }

  int size() {
    return nodes.size();
  }

  JsonNode node(int index) {
    return nodes.get(index);
  }

  /** Text of a string, number or boolean; null for null, objects and empty arrays. */
  @Nullable String text(int index) {
    String text = texts[index];
    if (text == null) {
      JsonNode node = nodes.get(index);
      text = node.isNull() || !node.isValueNode() ? null : node.asText();
      texts[index] = text;
    }
    return text;
  }

  /** {@link #text} under case folding. */
  @Nullable String folded(int index) {
    String known = folded[index];
    if (known == null) {
      String text = text(index);
      known = text == null ? null : CaseFolding.fold(text);
      folded[index] = known;
    }
    return known;
  }

  /** Missing, or null in every element. */
  boolean isNull() {
    for (JsonNode node : nodes) {
      if (!node.isNull()) {
        return false;
      }
    }
    return true;
  }

  /** For people: the text, or the JSON of what has none. */
  String shown(int index) {
    String text = text(index);
    return text == null ? nodes.get(index).toString() : text;
  }
}
