package dev.tidewatch.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewatch.events.EventDocument;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/** A key of the event that a missing field's name probably means: equal but for case and _ - . */
final class SimilarField {
  /** Events are data: one with very many keys is not searched to the end. */
  private static final int MAX_KEYS = 20_000;

  private SimilarField() {}

  static Optional<String> of(String field, EventDocument event) {
    String wanted = squeezed(field);
    String lastPart = squeezed(field.substring(field.lastIndexOf('.') + 1));
    Deque<JsonNode> open = new ArrayDeque<>();
    open.add(event.root());
    int seen = 0;
    while (!open.isEmpty() && seen < MAX_KEYS) {
      JsonNode node = open.poll();
      if (node.isArray()) {
        node.forEach(open::add);
      }
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        seen++;
        String key = squeezed(entry.getKey());
        if (!key.isEmpty() && (key.equals(wanted) || key.equals(lastPart))) {
          return Optional.of(entry.getKey()).filter(name -> !name.equals(field));
        }
        if (entry.getValue().isContainerNode()) {
          open.add(entry.getValue());
        }
      }
    }
    return Optional.empty();
  }

  private static String squeezed(String name) {
    StringBuilder out = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '_' && c != '-' && c != '.' && c != ' ') {
        out.append(Character.toLowerCase(c));
      }
    }
    return out.toString();
  }
}
