package dev.tidewatch.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Values for the {@code {name:Type}} placeholders of a statement. ClickHouse reads them apart from
 * the statement's text, so that no value can become SQL.
 */
final class QueryParameters {
  private final Map<String, Object> values = new HashMap<>();

  /**
   * A {@code String}. ClickHouse reads parameters as escaped fields of tab separated text; the
   * client escapes them (0.11; a test holds it to that).
   */
  QueryParameters string(String name, String value) {
    return put(name, value);
  }

  /** An {@code Int64}, {@code UInt32}, ... */
  QueryParameters number(String name, long value) {
    return put(name, Long.toString(value));
  }

  QueryParameters uuid(String name, UUID value) {
    return put(name, value.toString());
  }

  /** An {@code Array(UUID)}. */
  QueryParameters uuids(String name, Collection<UUID> values) {
    return put(
        name, values.stream().map(id -> "'" + id + "'").collect(Collectors.joining(",", "[", "]")));
  }

  /** An {@code Array(Int8)} and the like. */
  QueryParameters numbers(String name, Collection<? extends Number> values) {
    return put(
        name, values.stream().map(Number::toString).collect(Collectors.joining(",", "[", "]")));
  }

  /** An {@code Array(UInt64)}. */
  QueryParameters unsigned(String name, Collection<Long> values) {
    return put(
        name,
        values.stream().map(Long::toUnsignedString).collect(Collectors.joining(",", "[", "]")));
  }

  /**
   * An {@code Array(String)} of words, which hold no sign that an array's text would have to
   * escape.
   *
   * @throws IllegalArgumentException for anything else
   */
  QueryParameters words(String name, Collection<String> words) {
    for (String word : words) {
      if (word.chars().anyMatch(c -> c <= ' ' || c == '\'' || c == '\\' || c == '"' || c == ',')) {
        throw new IllegalArgumentException("not a word: " + word);
      }
    }
    return put(
        name,
        words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(",", "[", "]")));
  }

  Map<String, Object> values() {
    return values;
  }

  private QueryParameters put(String name, String text) {
    if (values.put(name, text) != null) {
      throw new IllegalStateException("parameter " + name + " is set twice");
    }
    return this;
  }
}
