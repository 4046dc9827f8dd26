package dev.tidewatch.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewatch.events.OcsfEvent.Column;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** {@code ocsf-columns.table}: for each family and class the rules that fill columns. */
final class OcsfColumns {
  private static final String ANY = "*";
  private static final Map<String, Integer> INDEXES = indexes();

  private final List<Row> rows = new ArrayList<>();
  private final Map<Key, Rule[]> compiled = new ConcurrentHashMap<>();

  /** A column and where its value may come from. */
  record Rule(int column, List<Source> sources) {}

  /** One alternative: part of an expression's text, or (null) something of the event itself. */
  record Source(TextPart part, @Nullable FieldName field, @Nullable Expression expression) {}

  private record Row(List<String> families, List<String> classes, Rule rule) {
    boolean appliesTo(String wantedFamily, String wantedClass) {
      return families.contains(wantedFamily)
          && (classes.contains(ANY) || classes.contains(wantedClass));
    }
  }

  private record Key(String family, int classUid) {}

  OcsfColumns(List<Table.Row> table) {
    for (Table.Row row : table) {
      Integer column = INDEXES.get(row.get("column"));
      if (column == null) {
        throw row.fault("no column " + row.get("column"));
      }
      Rule rule = new Rule(column, row.list("value").stream().map(OcsfColumns::source).toList());
      rows.add(new Row(row.list("family"), row.list("class"), rule));
    }
  }

  private static Map<String, Integer> indexes() {
    Map<String, Integer> indexes = new HashMap<>();
    for (Column column : OcsfEvent.COLUMNS) {
      indexes.put(column.name(), indexes.size());
    }
    return Map.copyOf(indexes);
  }

  /** Position of a column in {@link OcsfEvent#COLUMNS}, -1 when there is none. */
  static int index(String column) {
    return INDEXES.getOrDefault(column, -1);
  }

  private static Source source(String cell) {
    int colon = cell.indexOf(':');
    TextPart part = colon < 0 ? null : TextPart.named(cell.substring(0, colon));
    String rest = part == null ? cell : cell.substring(colon + 1);
    Expression expression = Expression.of(rest);
    return expression instanceof Expression.Plain plain
        ? new Source(part == null ? TextPart.ALL : part, plain.field(), null)
        : new Source(part == null ? TextPart.ALL : part, null, expression);
  }

  /** Rules of a family and a class, in the order in which they are tried. */
  Rule[] rules(String family, int classUid) {
    return compiled.computeIfAbsent(new Key(family, classUid), this::compile);
  }

  private Rule[] compile(Key key) {
    String classUid = Integer.toString(key.classUid());
    List<Rule> rules = new ArrayList<>();
    for (String family : List.of(key.family(), ANY)) {
      for (Row row : rows) {
        if (row.appliesTo(family, classUid)) {
          rules.add(row.rule());
        }
      }
    }
    return rules.toArray(Rule[]::new);
  }

  /** Fills {@code values} by column index; null: not set. */
  static void fill(Rule[] rules, EventDocument event, String status, @Nullable String[] values) {
    List<JsonNode> found = new ArrayList<>(2);
    for (Rule rule : rules) {
      if (values[rule.column()] == null) {
        values[rule.column()] = value(rule, event, status, found);
      }
    }
  }

  private static @Nullable String value(
      Rule rule, EventDocument event, String status, List<JsonNode> found) {
    OcsfEvent.Type type = OcsfEvent.COLUMNS.get(rule.column()).type();
    for (Source source : rule.sources()) {
      String text = OcsfText.clean(text(source, event, status, found));
      if (!text.isEmpty()) {
        String value = OcsfText.of(type, source.part().of(text));
        if (!value.isEmpty()) {
          return value;
        }
      }
    }
    return null;
  }

  private static String text(
      Source source, EventDocument event, String status, List<JsonNode> found) {
    found.clear();
    FieldName field = source.field();
    if (field != null) {
      switch (field.text()) {
        case "$host":
          return event.host();
        case "$status":
          return status;
        default:
          event.collect(field, found);
      }
    } else if (source.expression() != null) {
      source.expression().collect(event.payload(), found);
    }
    return firstText(found);
  }

  private static String firstText(List<JsonNode> found) {
    for (JsonNode value : found) {
      if (value.isValueNode() && !value.isNull()) {
        String text = value.asText();
        if (!text.isEmpty()) {
          return text;
        }
      }
    }
    return "";
  }
}
