package dev.tidewatch.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A condition of a table's {@code when} cell: {@code field} (present, not null), {@code !field}
 * (missing or null), {@code field=a|b} (one of the values, ignoring case, {@code *} at an end of a
 * value stands for anything).
 */
record Condition(FieldName field, boolean wanted, List<String> values) {

  /** Conditions between spaces; all must hold. */
  static List<Condition> all(String cell) {
    List<Condition> conditions = new ArrayList<>();
    for (String word : cell.isEmpty() ? new String[0] : cell.split(" +")) {
      conditions.add(of(word));
    }
    return List.copyOf(conditions);
  }

  private static Condition of(String word) {
    boolean wanted = !word.startsWith("!");
    String rest = wanted ? word : word.substring(1);
    int equals = rest.indexOf('=');
    if (equals < 0) {
      return new Condition(FieldName.of(rest), wanted, List.of());
    }
    String values = rest.substring(equals + 1).toLowerCase(Locale.ROOT).replace("␣", " ");
    return new Condition(
        FieldName.of(rest.substring(0, equals)), wanted, List.of(values.split("\\|")));
  }

  boolean holds(ObjectNode object) {
    List<JsonNode> found = new ArrayList<>(1);
    field.collect(object, found);
    return holds(found);
  }

  boolean holds(PayloadView payload, Map<String, Expression> aliases) {
    List<JsonNode> found = new ArrayList<>(1);
    if (!payload.collect(field, found)) {
      Expression alias = aliases.get(field.text());
      if (alias != null) {
        alias.collect(payload, found);
      }
    }
    return holds(found);
  }

  private boolean holds(List<JsonNode> found) {
    boolean any = false;
    for (JsonNode value : found) {
      any |= !value.isNull() && (values.isEmpty() || isOne(value));
    }
    return any == wanted;
  }

  private boolean isOne(JsonNode value) {
    String text = value.asText().toLowerCase(Locale.ROOT);
    for (String wantedValue : values) {
      if (equalsPattern(text, wantedValue)) {
        return true;
      }
    }
    return false;
  }

  private static boolean equalsPattern(String text, String pattern) {
    boolean open = pattern.startsWith("*");
    boolean ended = pattern.endsWith("*");
    if (open && ended) {
      return pattern.length() < 2 || text.contains(pattern.substring(1, pattern.length() - 1));
    }
    if (open) {
      return text.endsWith(pattern.substring(1));
    }
    return ended
        ? text.startsWith(pattern.substring(0, pattern.length() - 1))
        : text.equals(pattern);
  }
}
