package dev.tidewatch.sigma.yaml;

import dev.tidewatch.diagnostic.Place;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** A YAML value and where it stands. */
public sealed interface YamlNode {
  Place place();

  /** For messages: {@code a map}, {@code a list}, {@code text}, {@code a number}, ... */
  String kindName();

  /**
   * @param text the value as written, with quotes and escapes resolved
   */
  record Scalar(String text, Kind kind, Place place, ScalarSpan span) implements YamlNode {
    /** Types of YAML 1.2's core schema: {@code yes} and {@code 2025-01-01} are text. */
    public enum Kind {
      TEXT("text"),
      NUMBER("a number"),
      BOOLEAN("true or false"),
      NULL("null");

      private final String title;

      Kind(String title) {
        this.title = title;
      }
    }

    public boolean isNull() {
      return kind == Kind.NULL;
    }

    /** Where the character at {@code offset} of {@link #text} stands in the file. */
    public Place at(int offset) {
      return span.at(text, offset);
    }

    /** Exact value of a {@link Kind#NUMBER}, hexadecimal included. */
    public BigDecimal number() {
      return ScalarKinds.number(text);
    }

    @Override
    public String kindName() {
      return kind.title;
    }
  }

  /** A list. */
  record Sequence(List<YamlNode> items, Place place) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String kindName() {
      return "a list";
    }
  }

  /** Keys in the order of the file, none twice. */
  record Mapping(List<Entry> entries, Place place) implements YamlNode {
    public Mapping {
      entries = List.copyOf(entries);
    }

    public Optional<Entry> entry(String key) {
      return entries.stream().filter(e -> e.key().text().equals(key)).findFirst();
    }

    public boolean has(String key) {
      return entry(key).isPresent();
    }

    @Override
    public String kindName() {
      return "a map";
    }
  }

  /** One key of a mapping. */
  record Entry(Scalar key, YamlNode value) {}
}
