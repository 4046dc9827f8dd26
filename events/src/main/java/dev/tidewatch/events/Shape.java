package dev.tidewatch.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.events.EventTime.TimeField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one kind of sender lays out its events: a row of {@code shapes.table}.
 *
 * @param name e.g. {@code evtx}
 * @param family the rows of {@code log-sources.table} and {@code ocsf-columns.table} that apply
 * @param when what makes a payload this shape
 * @param key where the discriminating value is: channel, stream, event source
 * @param keyIsTail only the part behind the last dot counts: {@code zeek.dns}
 * @param id where the second one is: event id, operation
 * @param scopes objects whose members count as top-level fields
 * @param times where the event's time is
 * @param hosts where the reporting host is
 * @param aliasSets names of alias sets
 * @param aliases what these sets hold
 */
record Shape(
    String name,
    String family,
    List<Condition> when,
    List<FieldName> key,
    boolean keyIsTail,
    List<FieldName> id,
    List<String> scopes,
    List<TimeField> times,
    List<FieldName> hosts,
    List<String> aliasSets,
    Map<String, Expression> aliases) {

  private static final String TAIL = "tail:";

  static Shape of(Table.Row row, FieldAliases sets) {
    return new Shape(
        row.get("shape"),
        row.get("family"),
        Condition.all(row.get("when")),
        row.list("key").stream().map(Shape::withoutTail).map(FieldName::of).toList(),
        row.get("key").startsWith(TAIL),
        names(row, "id"),
        row.list("scopes"),
        row.list("time").stream().map(Shape::timeField).toList(),
        names(row, "host"),
        row.list("aliases"),
        sets.of(row.list("aliases")));
  }

  private static List<FieldName> names(Table.Row row, String column) {
    return row.list(column).stream().map(FieldName::of).toList();
  }

  private static TimeField timeField(String cell) {
    return cell.startsWith("utc:")
        ? new TimeField(FieldName.of(cell.substring(4)), true)
        : new TimeField(FieldName.of(cell), false);
  }

  private static String withoutTail(String cell) {
    return cell.startsWith(TAIL) ? cell.substring(TAIL.length()) : cell;
  }

  boolean fits(PayloadView payload) {
    for (Condition condition : when) {
      if (!condition.holds(payload.root())) {
        return false;
      }
    }
    return true;
  }

  /** The payload seen in this shape. */
  PayloadView view(PayloadView payload) {
    if (scopes.isEmpty()) {
      return payload;
    }
    List<ObjectNode> objects = new ArrayList<>(4);
    objects.add(payload.root());
    boolean attributes = false;
    for (String scope : scopes) {
      attributes = addScope(payload.root(), scope, objects);
    }
    return new PayloadView(payload.root(), objects, attributes);
  }

  String key(PayloadView payload) {
    String text = text(payload, key);
    return keyIsTail ? text.substring(text.lastIndexOf('.') + 1) : text;
  }

  String id(PayloadView payload) {
    return text(payload, id);
  }

  /** A file of several events is no event: refuse it rather than mix their fields. */
  void requireOneEvent(ObjectNode root) throws MalformedEventException {
    JsonNode records = name.equals("cloudtrail-file") ? root.get("Records") : null;
    if (records != null && records.size() > 1) {
      throw Malformation.SEVERAL_EVENTS.because(
          "the payload holds " + records.size() + " CloudTrail records; send them one by one");
    }
  }

  /** Text of the first of {@code fields} that has one, or empty. */
  static String text(PayloadView payload, List<FieldName> fields) {
    for (FieldName field : fields) {
      JsonNode value = payload.exact(field);
      if (value != null && value.isValueNode() && !value.isNull()) {
        String text = value.asText();
        if (!text.isEmpty()) {
          return text;
        }
      }
    }
    return "";
  }

  /**
   * {@code a.b}: the object there. {@code a.b.*}: every object in it. {@code a.b.}: members of the
   * root whose keys start so. {@code @a.b}: an object whose elements may carry XML attributes.
   */
  private static boolean addScope(ObjectNode root, String scope, List<ObjectNode> into) {
    boolean attributes = scope.startsWith("@");
    String path = attributes ? scope.substring(1) : scope;
    if (path.endsWith(".")) {
      addPrefixed(root, path, into);
      return false;
    }
    boolean children = path.endsWith(".*");
    JsonNode node = walk(root, children ? path.substring(0, path.length() - 2) : path);
    if (node == null) {
      return false;
    }
    if (children) {
      for (JsonNode child : node) {
        if (child instanceof ObjectNode object) {
          into.add(object);
        }
      }
      return false;
    }
    if (node.isArray() && node.size() == 1) {
      node = node.get(0);
    }
    if (node instanceof ObjectNode object) {
      into.add(object);
      ObjectNode named = NamedData.of(object);
      if (named != null) {
        into.add(into.size() - 1, named);
      }
      return attributes;
    }
    return false;
  }

  private static @Nullable JsonNode walk(ObjectNode root, String path) {
    JsonNode node = root;
    int from = 0;
    while (node != null && from <= path.length()) {
      int dot = path.indexOf('.', from);
      int to = dot < 0 ? path.length() : dot;
      node = node.get(path.substring(from, to));
      from = to + 1;
    }
    return node;
  }

  private static void addPrefixed(ObjectNode root, String prefix, List<ObjectNode> into) {
    ObjectNode found = null;
    for (Map.Entry<String, JsonNode> member : root.properties()) {
      if (member.getKey().startsWith(prefix)) {
        if (found == null) {
          found = root.objectNode();
          into.add(found);
        }
        found.set(member.getKey().substring(prefix.length()), member.getValue());
      }
    }
  }
}
