package dev.tidewatch.events;

import dev.tidewatch.events.v1.SourceHint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an event is: its shape, log sources, class and the aliases of its fields.
 *
 * @param sources every log source that the event belongs to, the primary one first
 */
record Recognition(
    Shape shape,
    PayloadView payload,
    List<LogSource> sources,
    int classUid,
    int activityId,
    String status,
    Map<String, Expression> aliases) {

  private static final FieldAliases ALIASES = new FieldAliases(Table.read("field-aliases.table"));
  private static final LogSourceTable SOURCES =
      new LogSourceTable(Table.read("log-sources.table"), Table.read("providers.table"), ALIASES);
  private static final List<Shape> SHAPES = shapes();

  /** Shapes whose rows are checked now, so that no event can meet a hole in the tables. */
  private static List<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    for (Table.Row row : Table.read("shapes.table")) {
      Shape shape = Shape.of(row, ALIASES);
      if (!SOURCES.hasFallback(shape.family())) {
        throw row.fault("log-sources.table has no unconditional * row for " + shape.family());
      }
      shapes.add(shape);
    }
    if (!shapes.get(shapes.size() - 1).when().isEmpty()) {
      throw new IllegalStateException("the last row of shapes.table must have no conditions");
    }
    return List.copyOf(shapes);
  }

  /** The event's own attributes first; those that the sender named win over recognised ones. */
  static Recognition of(PayloadView root, SourceHint hint) {
    Shape shape = shapeOf(root);
    PayloadView payload = shape.view(root);
    Map<String, Expression> aliases = shape.aliases();
    LogSourceTable.Found found = find(shape, payload, aliases);
    List<LogSource> sources = hinted(found.sources(), hint);
    LogSourceTable.Entry entry = found.primary();
    if (entry.classUid() == 0 && !sources.get(0).category().isEmpty()) {
      entry = classOfCategory(sources.get(0), entry);
    }
    return new Recognition(
        shape,
        payload,
        sources,
        entry.classUid(),
        entry.activityId(),
        entry.status(),
        found.primary().aliases().isEmpty()
            ? aliases
            : ALIASES.of(found.primary().aliases(), shape.aliasSets()));
  }

  /** Whether the tables know a kind of event that a rule with this log source looks at. */
  static boolean canBeCovered(LogSource rule) {
    return SOURCES.sources().stream()
        .anyMatch(
            source ->
                rule.covers(source)
                    // Zeek's and Suricata's services are whatever the event says.
                    || (source.service().isEmpty()
                        && source.product().equals("zeek")
                        && rule.product().equals("zeek")));
  }

  static List<Shape> knownShapes() {
    return SHAPES;
  }

  static FieldAliases knownAliases() {
    return ALIASES;
  }

  private static Shape shapeOf(PayloadView root) {
    for (Shape shape : SHAPES) {
      if (shape.fits(root)) {
        return shape;
      }
    }
    throw new IllegalStateException("shapes.table has no shape without conditions");
  }

  private static LogSourceTable.Found find(
      Shape shape, PayloadView payload, Map<String, Expression> aliases) {
    LogSourceTable.Found found =
        SOURCES.find(
            shape.family(),
            shape.key(payload),
            shape.id(payload),
            condition -> condition.holds(payload, aliases));
    if (found == null) {
      throw new IllegalStateException("log-sources.table has no * row for " + shape.family());
    }
    return found;
  }

  private static LogSourceTable.Entry classOfCategory(
      LogSource source, LogSourceTable.Entry otherwise) {
    LogSourceTable.@Nullable Found found =
        SOURCES.find("sigma", source.category(), source.product(), condition -> false);
    return found == null ? otherwise : found.primary();
  }

  private static List<LogSource> hinted(List<LogSource> recognised, SourceHint hint) {
    if (hint.getProduct().isEmpty()
        && hint.getCategory().isEmpty()
        && hint.getService().isEmpty()) {
      return recognised;
    }
    LogSource named = new LogSource(hint.getProduct(), hint.getCategory(), hint.getService());
    List<LogSource> sources = new ArrayList<>();
    for (LogSource source : recognised) {
      if (agrees(named.product(), source.product())
          && agrees(named.category(), source.category())
          && agrees(named.service(), source.service())) {
        sources.add(
            new LogSource(
                either(named.product(), source.product()),
                either(named.category(), source.category()),
                either(named.service(), source.service())));
      }
    }
    return sources.isEmpty() ? List.of(named) : List.copyOf(sources);
  }

  private static boolean agrees(String named, String recognised) {
    return named.isEmpty() || recognised.isEmpty() || named.equals(recognised);
  }

  private static String either(String named, String recognised) {
    return named.isEmpty() ? recognised : named;
  }
}
