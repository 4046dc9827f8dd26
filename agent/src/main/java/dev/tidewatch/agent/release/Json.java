package dev.tidewatch.agent.release;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Metadata as maps and lists. */
final class Json {
  private Json() {}

  /** The object's field, which is an object; changes go through. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> object(Map<String, Object> in, String key) {
    return (Map<String, Object>) get(in, key);
  }

  static Object get(Map<String, Object> in, String key) {
    return Objects.requireNonNull(in.get(key), key);
  }

  /** A copy all the way down that can be changed; whole numbers become {@code Long}. */
  static Map<String, Object> copy(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put((String) key, value(value)));
    return copy;
  }

  private static Object value(Object value) {
    if (value instanceof Map<?, ?> map) {
      return copy(map);
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(element -> copy.add(value(element)));
      return copy;
    }
    return value instanceof Integer number ? Long.valueOf(number) : value;
  }
}
