package dev.tidewatch.agent.update.tuf;

import dev.tidewatch.agent.update.tuf.TufException.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of metadata, read field by field.
 *
 * @param at where it stands, for problems
 */
record Fields(String at, Map<String, Object> values) {

  boolean has(String key) {
    return values.containsKey(key);
  }

  String text(String key) throws TufException {
    return of(String.class, key, "a text");
  }

  long number(String key) throws TufException {
    return of(Long.class, key, "a whole number");
  }

  /** A whole number from 1 on. */
  long positive(String key) throws TufException {
    long number = number(key);
    if (number < 1) {
      throw problem(key, "at least 1");
    }
    return number;
  }

  Fields object(String key) throws TufException {
    return new Fields(at + "." + key, map(key));
  }

  private Map<String, Object> map(String key) throws TufException {
    Map<String, Object> map = new LinkedHashMap<>();
    of(Map.class, key, "an object").forEach((name, value) -> map.put((String) name, value));
    return map;
  }

  /** The object's fields, which are objects themselves. */
  Map<String, Fields> objects(String key) throws TufException {
    Fields object = object(key);
    Map<String, Fields> objects = new LinkedHashMap<>();
    for (String name : object.values.keySet()) {
      objects.put(name, object.object(name));
    }
    return objects;
  }

  /** The object's fields, which are texts. */
  Map<String, String> texts(String key) throws TufException {
    Fields object = object(key);
    Map<String, String> texts = new LinkedHashMap<>();
    for (String name : object.values.keySet()) {
      texts.put(name, object.text(name));
    }
    return texts;
  }

  List<?> list(String key) throws TufException {
    return of(List.class, key, "a list");
  }

  private <T> T of(Class<T> type, String key, String wanted) throws TufException {
    @Nullable Object value = values.get(key);
    if (!type.isInstance(value)) {
      throw problem(key, wanted);
    }
    return type.cast(value);
  }

  TufException problem(String key, String wanted) {
    return new TufException(Reason.MALFORMED, at + "." + key + " has to be " + wanted);
  }
}
