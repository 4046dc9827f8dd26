package dev.tidewatch.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A field's name, taken apart once. A literal key {@code a.b} wins over the path a → b; on the way
 * down arrays stand for each of their elements (semantics rows 11 and 12).
 */
final class FieldName {
  private static final int CACHED = 65_536;
  private static final int MAX_SEGMENTS = 12;
  private static final Map<String, FieldName> CACHE = new ConcurrentHashMap<>();

  private final String name;
  private final boolean spaced;

  /** {@code heads[i][j]}: segments i to j joined by dots. One segment only: null-free, 1 × 1. */
  private final String[][] heads;

  private FieldName(String name) {
    this.name = name;
    this.spaced = name.indexOf(' ') >= 0;
    this.heads = heads(name);
  }

  static FieldName of(String name) {
    FieldName known = CACHE.get(name);
    if (known != null) {
      return known;
    }
    FieldName made = new FieldName(name);
    if (CACHE.size() < CACHED) {
      CACHE.put(name, made);
    }
    return made;
  }

  String text() {
    return name;
  }

  boolean hasSpace() {
    return spaced;
  }

  /** Adds the values under this name to {@code into}; false when {@code object} has no such key. */
  boolean collect(ObjectNode object, List<JsonNode> into) {
    return collect(object, 0, into);
  }

  private boolean collect(ObjectNode object, int from, List<JsonNode> into) {
    String[] ahead = heads[from];
    int last = ahead.length - 1;
    JsonNode whole = object.get(ahead[last]);
    if (whole != null) {
      addValues(whole, into);
      return true;
    }
    for (int length = 0; length < last; length++) {
      JsonNode child = object.get(ahead[length]);
      if (child != null && descend(child, from + length + 1, into)) {
        return true;
      }
    }
    return false;
  }

  private boolean descend(JsonNode child, int from, List<JsonNode> into) {
    if (child instanceof ObjectNode object) {
      return collect(object, from, into);
    }
    boolean any = false;
    if (child.isArray()) {
      for (JsonNode element : child) {
        any |= descend(element, from, into);
      }
    }
    return any;
  }

  /** The same with spaces removed from both sides' names. */
  boolean collectSqueezed(ObjectNode object, SqueezedKeys keys, List<JsonNode> into) {
    return collectSqueezed(object, 0, keys, into);
  }

  private boolean collectSqueezed(
      ObjectNode object, int from, SqueezedKeys keys, List<JsonNode> into) {
    String[] ahead = heads[from];
    int last = ahead.length - 1;
    JsonNode whole = keys.get(object, SqueezedKeys.squeezed(ahead[last]));
    if (whole != null) {
      addValues(whole, into);
      return true;
    }
    for (int length = 0; length < last; length++) {
      JsonNode child = keys.get(object, SqueezedKeys.squeezed(ahead[length]));
      if (child != null && descendSqueezed(child, from + length + 1, keys, into)) {
        return true;
      }
    }
    return false;
  }

  private boolean descendSqueezed(
      JsonNode child, int from, SqueezedKeys keys, List<JsonNode> into) {
    if (child instanceof ObjectNode object) {
      return collectSqueezed(object, from, keys, into);
    }
    boolean any = false;
    if (child.isArray()) {
      for (JsonNode element : child) {
        any |= descendSqueezed(element, from, keys, into);
      }
    }
    return any;
  }

  /**
   * Arrays come out as their elements, an XML element that kept attributes ({@code #text}) as its
   * text. An empty array stays itself: the field is present, and no test on a value holds.
   */
  static void addValues(JsonNode value, List<JsonNode> into) {
    if (value.isArray() && !value.isEmpty()) {
      for (JsonNode element : value) {
        addValues(element, into);
      }
    } else if (value.isObject() && value.has("#text")) {
      addValues(value.get("#text"), into);
    } else {
      into.add(value);
    }
  }

  private static String[][] heads(String name) {
    String[] segments = name.split("\\.", -1);
    if (segments.length == 1 || segments.length > MAX_SEGMENTS) {
      return new String[][] {{name}};
    }
    String[][] heads = new String[segments.length][];
    for (int from = 0; from < segments.length; from++) {
      List<String> ahead = new ArrayList<>();
      StringBuilder joined = new StringBuilder();
      for (int to = from; to < segments.length; to++) {
        joined.append(to == from ? "" : ".").append(segments[to]);
        ahead.add(joined.toString());
      }
      heads[from] = ahead.toArray(String[]::new);
    }
    return heads;
  }

  @Override
  public String toString() {
    return name;
  }
}
