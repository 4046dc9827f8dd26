package dev.tidewatch.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A value cell of {@code field-aliases.table}: how a field is made of the payload's own ones. */
sealed interface Expression {

  /** Adds this expression's values; false when what it needs is missing. */
  boolean collect(PayloadView payload, List<JsonNode> into);

  /** Parses {@code A|B|map:C:x=y|...}. */
  static Expression of(String cell) {
    List<Expression> alternatives = new ArrayList<>();
    for (String alternative : cell.split("\\|")) {
      alternatives.add(single(alternative));
    }
    return alternatives.size() == 1 ? alternatives.get(0) : new FirstOf(List.copyOf(alternatives));
  }

  private static Expression single(String cell) {
    if (cell.startsWith("map:")) {
      return Mapped.of(cell.substring("map:".length()));
    }
    if (cell.startsWith("join:")) {
      return Joined.of(cell.substring("join:".length()));
    }
    if (cell.startsWith("hex:")) {
      return new Hex(FieldName.of(cell.substring("hex:".length())));
    }
    if (cell.startsWith("registry:")) {
      return new Registry(single(cell.substring("registry:".length())));
    }
    if (cell.startsWith("'")) {
      return new Literal(TextNode.valueOf(cell.substring(1, cell.length() - 1)));
    }
    return cell.indexOf('{') >= 0 ? Template.of(cell) : new Plain(FieldName.of(cell));
  }

  private static String firstText(PayloadView payload, FieldName field) {
    JsonNode value = payload.first(field);
    return value == null || value.isNull() ? "" : value.asText();
  }

  /** A field as it is. */
  record Plain(FieldName field) implements Expression {
    @Override
    public boolean collect(PayloadView payload, List<JsonNode> into) {
      return payload.collect(field, into);
    }
  }

  /** The first alternative that is there. */
  record FirstOf(List<Expression> alternatives) implements Expression {
    @Override
    public boolean collect(PayloadView payload, List<JsonNode> into) {
      for (Expression alternative : alternatives) {
        if (alternative.collect(payload, into)) {
          return true;
        }
      }
      return false;
    }
  }

  /** A constant. */
  record Literal(JsonNode value) implements Expression {
    @Override
    public boolean collect(PayloadView payload, List<JsonNode> into) {
      return into.add(value);
    }
  }

  /** Text around fields; missing unless each of them has a text that says something. */
  record Template(List<String> texts, List<FieldName> fields) implements Expression {
    static Template of(String cell) {
      List<String> texts = new ArrayList<>();
      List<FieldName> fields = new ArrayList<>();
      int from = 0;
      for (int open = cell.indexOf('{'); open >= 0; open = cell.indexOf('{', from)) {
        int close = cell.indexOf('}', open);
        texts.add(cell.substring(from, open));
        fields.add(FieldName.of(cell.substring(open + 1, close)));
        from = close + 1;
      }
      texts.add(cell.substring(from));
      return new Template(List.copyOf(texts), List.copyOf(fields));
    }

    @Override
    public boolean collect(PayloadView payload, List<JsonNode> into) {
      StringBuilder text = new StringBuilder(texts.get(0));
      for (int i = 0; i < fields.size(); i++) {
        String value = firstText(payload, fields.get(i));
        if (value.isEmpty() || value.equals("-")) {
          return false;
        }
        text.append(value).append(texts.get(i + 1));
      }
      return into.add(TextNode.valueOf(text.toString()));
    }
  }

  /**
   * One value for another, ignoring case; missing when the table does not know the field's value.
   */
  record Mapped(Expression source, Map<String, JsonNode> values) implements Expression {
    static Mapped of(String cell) {
      int colon = cell.indexOf(':');
      Map<String, JsonNode> values = new HashMap<>();
      for (String pair : cell.substring(colon + 1).split(",")) {
        int equals = pair.indexOf('=');
        values.put(
            pair.substring(0, equals).toLowerCase(Locale.ROOT),
            TextNode.valueOf(pair.substring(equals + 1)));
      }
      return new Mapped(single(cell.substring(0, colon)), Map.copyOf(values));
    }

    @Override
    public boolean collect(PayloadView payload, List<JsonNode> into) {
      List<JsonNode> found = new ArrayList<>(1);
      if (!source.collect(payload, found)) {
        return false;
      }
      JsonNode value = values.get(found.get(0).asText().toLowerCase(Locale.ROOT));
      return value != null && into.add(value);
    }
  }

  /** The numbered fields {@code a0 a1 a2 …}, or from {@code a1} on, with a space between. */
  record Joined(List<FieldName> fields) implements Expression {
    private static final int MAX_PARTS = 64;

    static Joined of(String prefix) {
      List<FieldName> fields = new ArrayList<>();
      for (int i = 0; i < MAX_PARTS; i++) {
        fields.add(FieldName.of(prefix + i));
      }
      return new Joined(List.copyOf(fields));
    }

    @Override
    public boolean collect(PayloadView payload, List<JsonNode> into) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < fields.size(); i++) {
        JsonNode value = payload.first(fields.get(i));
        if (value == null && i == 0) {
          continue;
        }
        if (value == null) {
          break;
        }
        text.append(text.isEmpty() ? "" : " ").append(value.asText());
      }
      return !text.isEmpty() && into.add(TextNode.valueOf(text.toString()));
    }
  }

  /** Hex digits as the text they spell; a text that is no hex stays as it is. */
  record Hex(FieldName field) implements Expression {
    @Override
    public boolean collect(PayloadView payload, List<JsonNode> into) {
      String value = firstText(payload, field);
      return !value.isEmpty() && into.add(TextNode.valueOf(decoded(value)));
    }

    private static String decoded(String value) {
      if (value.length() % 2 != 0 || !value.chars().allMatch(Hex::isHexDigit)) {
        return value;
      }
      byte[] bytes = HexFormat.of().parseHex(value);
      return new String(bytes, StandardCharsets.UTF_8).replace('\0', ' ').strip();
    }

    private static boolean isHexDigit(int c) {
      return Character.digit(c, 16) >= 0 && c < 128;
    }
  }

  /** The kernel's registry paths under the names that people use. */
  record Registry(Expression path) implements Expression {
    private static final String MACHINE = "\\registry\\machine";
    private static final String USER = "\\registry\\user";

    @Override
    public boolean collect(PayloadView payload, List<JsonNode> into) {
      List<JsonNode> values = new ArrayList<>(1);
      if (!path.collect(payload, values)) {
        return false;
      }
      String text = values.get(0).asText();
      String lower = text.toLowerCase(Locale.ROOT);
      if (lower.startsWith(MACHINE)) {
        text = "HKLM" + text.substring(MACHINE.length());
      } else if (lower.startsWith(USER)) {
        text = "HKU" + text.substring(USER.length());
      }
      return into.add(TextNode.valueOf(text));
    }
  }
}
