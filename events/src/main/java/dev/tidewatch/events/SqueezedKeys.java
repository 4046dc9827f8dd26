package dev.tidewatch.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Members of a payload's objects by their names without spaces (semantics row 12). Indexed on first
 * use of an object, so that an event with very many keys cannot make each lookup slow.
 */
final class SqueezedKeys {
  private final Map<ObjectNode, Map<String, JsonNode>> indexes = new IdentityHashMap<>();

  /** The first member whose name without spaces is {@code name}, which has none. */
  @Nullable JsonNode get(ObjectNode object, String name) {
    return indexes.computeIfAbsent(object, SqueezedKeys::index).get(name);
  }

  private static Map<String, JsonNode> index(ObjectNode object) {
    Map<String, JsonNode> index = new HashMap<>(2 * object.size());
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      index.putIfAbsent(squeezed(member.getKey()), member.getValue());
    }
    return index;
  }

  static String squeezed(String name) {
    return name.indexOf(' ') < 0 ? name : name.replace(" ", "");
  }
}
