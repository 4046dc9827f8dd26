package dev.tidewatch.match.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An alias cell of {@code field-aliases.table}, taken apart for this reader: alternatives, of which
 * the first that is there counts.
 */
record AliasPlan(List<Alternative> alternatives) {
  private static final int MAX_PARTS = 64;

  sealed interface Alternative {}

  /** A field as it is. */
  record Plain(int field) implements Alternative {}

  /** Text with fields. */
  record Template(List<byte[]> texts, int[] fields) implements Alternative {}

  /** One value for another. */
  record Mapped(int field, List<byte[]> from, List<byte[]> to) implements Alternative {}

  /** What only the document can say, if one of the operands is there (none: always). */
  record Other(int[] operands) implements Alternative {}

  static AliasPlan of(String cell, FieldCatalog catalog) {
    List<Alternative> alternatives = new ArrayList<>();
    for (String part : cell.split("\\|")) {
      alternatives.add(alternative(part, catalog));
    }
    return new AliasPlan(List.copyOf(alternatives));
  }

  private static Alternative alternative(String part, FieldCatalog catalog) {
    int[] fields = operands(part).stream().mapToInt(catalog::id).toArray();
    boolean other =
        part.startsWith("join:")
            || part.startsWith("hex:")
            || part.startsWith("registry:")
            || part.startsWith("'");
    if (part.startsWith("map:") && part.indexOf('{') < 0) {
      return mapped(part.substring("map:".length()), fields[0]);
    }
    if (other || part.startsWith("map:")) {
      return new Other(fields);
    }
    return part.indexOf('{') < 0 ? new Plain(fields[0]) : template(part, fields);
  }

  private static Alternative mapped(String part, int field) {
    List<byte[]> from = new ArrayList<>();
    List<byte[]> to = new ArrayList<>();
    for (String pair : part.substring(part.indexOf(':') + 1).split(",")) {
      int equals = pair.indexOf('=');
      from.add(0, Text.encode(pair.substring(0, equals).toLowerCase(java.util.Locale.ROOT)));
      to.add(0, Text.encode(pair.substring(equals + 1)));
    }
    return new Mapped(field, List.copyOf(from), List.copyOf(to));
  }

  private static Alternative template(String part, int[] fields) {
    List<byte[]> texts = new ArrayList<>();
    for (String text : part.split("\\{[^}]*\\}", -1)) {
      texts.add(Text.encode(text));
    }
    return new Template(List.copyOf(texts), fields);
  }

  /** Names of the fields that a cell reads. */
  static List<String> operands(String cell) {
    List<String> names = new ArrayList<>();
    for (String part : cell.split("\\|")) {
      addOperands(part, names);
    }
    return names;
  }

  private static void addOperands(String part, List<String> into) {
    if (part.startsWith("'")) {
      return;
    }
    if (part.startsWith("map:")) {
      String rest = part.substring("map:".length());
      addOperands(rest.substring(0, rest.indexOf(':')), into);
    } else if (part.startsWith("join:")) {
      for (int i = 0; i < MAX_PARTS; i++) {
        into.add(part.substring("join:".length()) + i);
      }
    } else if (part.startsWith("hex:")) {
      into.add(part.substring("hex:".length()));
    } else if (part.startsWith("registry:")) {
      addOperands(part.substring("registry:".length()), into);
    } else if (part.indexOf('{') >= 0) {
      Arrays.stream(part.split("\\{"))
          .skip(1)
          .forEach(text -> into.add(text.substring(0, text.indexOf('}'))));
    } else {
      into.add(part);
    }
  }
}
