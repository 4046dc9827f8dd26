package dev.tidewatch.agent.update.tuf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one form of a JSON value that signatures and key ids are over: OLPC's canonical JSON. No
 * spaces, keys in the order of their bytes, in texts only {@code "} and {@code \} are escaped, no
 * fractions. Values are maps, lists, texts, {@code Long} and {@code Boolean}.
 */
public final class CanonicalJson {
  private static final Comparator<String> BY_BYTES =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private CanonicalJson() {}

  /**
   * @throws IllegalArgumentException for a value that has no canonical form
   */
  public static byte[] of(Object value) {
    CanonicalJson json = new CanonicalJson();
    json.value(value);
    return json.out.toByteArray();
  }

  private void value(Object value) {
    if (value instanceof Map<?, ?> map) {
      object(map);
    } else if (value instanceof List<?> list) {
      array(list);
    } else if (value instanceof String text) {
      text(text);
    } else if (value instanceof Long || value instanceof Integer || value instanceof Boolean) {
      raw(value.toString());
    } else {
      throw new IllegalArgumentException("no canonical form for " + value.getClass());
    }
  }

  private void object(Map<?, ?> map) {
    Map<String, Object> sorted = new TreeMap<>(BY_BYTES);
    map.forEach((key, value) -> sorted.put((String) key, value));
    raw("{");
    Iterator<Map.Entry<String, Object>> entries = sorted.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, Object> entry = entries.next();
      text(entry.getKey());
      raw(":");
      value(entry.getValue());
      raw(entries.hasNext() ? "," : "");
    }
    raw("}");
  }

  private void array(List<?> list) {
    raw("[");
    Iterator<?> elements = list.iterator();
    while (elements.hasNext()) {
      value(elements.next());
      raw(elements.hasNext() ? "," : "");
    }
    raw("]");
  }

  private void text(String text) {
    raw("\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
  }

  private void raw(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
