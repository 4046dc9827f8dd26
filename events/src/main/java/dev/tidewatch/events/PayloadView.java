package dev.tidewatch.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payload's tree and the places where its fields are: the object itself first, then the objects
 * whose members the shape treats as top-level ones ({@code Event.EventData} of a Windows event).
 */
final class PayloadView {
  private final ObjectNode root;
  private final List<ObjectNode> scopes;

  /** The last scope holds XML elements whose attributes are named {@code Element_Attribute}. */
  private final boolean attributes;

  /** Whether any key at any depth has a space; found out when a lookup first misses. */
  private @Nullable Boolean spaced;

  private @Nullable SqueezedKeys squeezed;

  PayloadView(ObjectNode root) {
    this(root, List.of(root), false);
  }

  PayloadView(ObjectNode root, List<ObjectNode> scopes, boolean attributes) {
    this.root = root;
    this.scopes = scopes;
    this.attributes = attributes;
  }

  ObjectNode root() {
    return root;
  }

  /** Adds the field's values; false when it is missing (an empty list alone cannot say). */
  boolean collect(FieldName name, List<JsonNode> into) {
    return collectExact(name, into)
        || ((name.hasSpace() || hasSpacedKey()) && collectSqueezed(name, into));
  }

  /** The same by exact names only. */
  boolean collectExact(FieldName name, List<JsonNode> into) {
    for (ObjectNode scope : scopes) {
      if (name.collect(scope, into)) {
        return true;
      }
    }
    return attributes && collectAttribute(name.text(), into);
  }

  /** The first value of the field with exactly this name, or null. */
  @Nullable JsonNode exact(FieldName name) {
    List<JsonNode> values = new ArrayList<>(1);
    return collectExact(name, values) ? values.get(0) : null;
  }

  /** The field's first value, or null. */
  @Nullable JsonNode first(FieldName name) {
    List<JsonNode> values = new ArrayList<>(1);
    return collect(name, values) ? values.get(0) : null;
  }

  private boolean collectSqueezed(FieldName name, List<JsonNode> into) {
    SqueezedKeys keys = squeezed;
    if (keys == null) {
      keys = new SqueezedKeys();
      squeezed = keys;
    }
    for (ObjectNode scope : scopes) {
      if (name.collectSqueezed(scope, keys, into)) {
        return true;
      }
    }
    return false;
  }

  /** {@code Provider_Name}: attribute {@code Name} of {@code System}'s element {@code Provider}. */
  private boolean collectAttribute(String name, List<JsonNode> into) {
    int underscore = name.indexOf('_');
    if (underscore <= 0) {
      return false;
    }
    ObjectNode system = scopes.get(scopes.size() - 1);
    String element = name.substring(0, underscore);
    String attribute = name.substring(underscore + 1);
    JsonNode value = attributeOf(system.get(element), attribute);
    if (value == null) {
      value = attributeOf(system.get(element + "_attributes"), attribute);
    }
    if (value == null) {
      return false;
    }
    into.add(value);
    return true;
  }

  private static @Nullable JsonNode attributeOf(@Nullable JsonNode element, String attribute) {
    if (element == null || !element.isObject()) {
      return null;
    }
    JsonNode attributes = element.get("#attributes");
    if (attributes != null) {
      return attributes.get(attribute);
    }
    JsonNode value = element.get("@" + attribute);
    return value != null ? value : element.get(attribute);
  }

  private boolean hasSpacedKey() {
    Boolean known = spaced;
    if (known == null) {
      known = hasSpacedKey(root);
      for (int i = 0; !known && i < scopes.size(); i++) {
        known = hasSpacedKey(scopes.get(i));
      }
      spaced = known;
    }
    return known;
  }

  private static boolean hasSpacedKey(JsonNode node) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        if (member.getKey().indexOf(' ') >= 0 || hasSpacedKey(member.getValue())) {
          return true;
        }
      }
    } else if (node.isArray()) {
      for (JsonNode element : node) {
        if (hasSpacedKey(element)) {
          return true;
        }
      }
    }
    return false;
  }
}
