package dev.tidewatch.events;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The tables that recognise events, as data: for readers that find fields in a payload's bytes by
 * themselves and must come to the same shape, log sources and fields as {@link EventDocument}.
 */
public final class RecognitionTables {
  private static final List<LayoutRow> LAYOUTS =
      Recognition.knownShapes().stream().map(RecognitionTables::layout).toList();
  private static final Map<String, List<ConditionRow>> CONDITIONS = conditions();
  private static final Map<String, String> CHANNEL_OF_PROVIDER = providers();

  private RecognitionTables() {}

  /**
   * A row of {@code shapes.table}.
   *
   * @param when fields of the root, by exact name, that decide whether an event has this shape
   * @param key,id fields whose first text says which rows of {@code log-sources.table} apply
   * @param scopes objects whose members count as top-level fields, as the table writes them
   */
  public record LayoutRow(
      String name, List<When> when, List<String> key, List<String> id, List<String> scopes) {}

  /**
   * @param comparesValue the value decides; otherwise only whether one is there and not null
   */
  public record When(String field, boolean comparesValue) {}

  private record ConditionRow(String keys, String ids, List<String> fields) {}

  /** All shapes, in the order in which they are tried. */
  public static List<LayoutRow> layouts() {
    return LAYOUTS;
  }

  /** Every alias cell of {@code field-aliases.table} by its field, of all sets. */
  public static Map<String, Set<String>> aliasCells() {
    return Recognition.knownAliases().cellsByField();
  }

  /** Alias cells that answer for fields which {@code event} lacks. */
  public static Map<String, String> aliasCells(EventDocument event) {
    FieldAliases aliases = Recognition.knownAliases();
    Map<String, String> cells = new HashMap<>();
    event.recognition().aliases().forEach((field, value) -> cells.put(field, aliases.cell(value)));
    return Map.copyOf(cells);
  }

  /** Fields that any row of {@code log-sources.table} looks at. */
  public static Set<String> rowFields() {
    Set<String> fields = new HashSet<>();
    CONDITIONS.values().forEach(rows -> rows.forEach(row -> fields.addAll(row.fields())));
    return Set.copyOf(fields);
  }

  /**
   * Fields that rows of {@code log-sources.table} for the event's key and id look at besides: at
   * least all of those that can change its log sources.
   */
  public static Set<String> conditionFields(EventDocument event) {
    Shape shape = event.recognition().shape();
    String key = shape.key(event.payload()).toLowerCase(Locale.ROOT);
    String id = shape.id(event.payload()).toLowerCase(Locale.ROOT);
    String channel = CHANNEL_OF_PROVIDER.getOrDefault(key, key);
    Set<String> fields = new HashSet<>();
    for (ConditionRow row : CONDITIONS.getOrDefault(shape.family(), List.of())) {
      boolean keyFits = fits(row.keys(), key) || fits(row.keys(), channel);
      if (keyFits && fits(row.ids(), id)) {
        fields.addAll(row.fields());
      }
    }
    return Set.copyOf(fields);
  }

  private static boolean fits(String alternatives, String text) {
    for (String pattern : alternatives.split("\\|", -1)) {
      boolean open = pattern.endsWith("*");
      if (open
          ? text.startsWith(pattern.substring(0, pattern.length() - 1))
          : text.equals(pattern)) {
        return true;
      }
    }
    return false;
  }

  private static LayoutRow layout(Shape shape) {
    return new LayoutRow(
        shape.name(),
        shape.when().stream()
            .map(when -> new When(when.field().text(), !when.values().isEmpty()))
            .toList(),
        shape.key().stream().map(FieldName::text).toList(),
        shape.id().stream().map(FieldName::text).toList(),
        shape.scopes());
  }

  private static Map<String, List<ConditionRow>> conditions() {
    Map<String, List<ConditionRow>> rows = new HashMap<>();
    for (Table.Row row : Table.read("log-sources.table")) {
      List<Condition> when = Condition.all(row.get("when"));
      if (!when.isEmpty()) {
        rows.computeIfAbsent(row.get("family"), family -> new ArrayList<>())
            .add(
                new ConditionRow(
                    row.get("key").toLowerCase(Locale.ROOT),
                    row.get("id").toLowerCase(Locale.ROOT),
                    when.stream().map(condition -> condition.field().text()).toList()));
      }
    }
    return rows;
  }

  private static Map<String, String> providers() {
    Map<String, String> channels = new HashMap<>();
    for (Table.Row row : Table.read("providers.table")) {
      channels.put(
          row.get("provider").toLowerCase(Locale.ROOT),
          row.get("channel").toLowerCase(Locale.ROOT));
    }
    return channels;
  }
}
