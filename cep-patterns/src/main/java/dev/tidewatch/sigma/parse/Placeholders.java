package dev.tidewatch.sigma.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code expand}: {@code %name%} becomes each value of the list of that name; {@code \%} is a
 * percent sign (row 14). A doubled backslash stays one, so {@code \\%Servers%} has a placeholder.
 *
 * @param names placeholders that have no list; then {@code values} is empty
 * @param values the text with every combination of values
 */
record Placeholders(List<String> names, List<String> values) {
  private static final Pattern PART = Pattern.compile("\\\\[\\\\%]|%([A-Za-z0-9_.-]+)%");
  private static final int MAX_VALUES = 100_000;

  /**
   * @throws TooManyValuesException beyond {@value #MAX_VALUES} combinations
   */
  static Placeholders expand(String text, Map<String, List<String>> lists)
      throws TooManyValuesException {
    List<String> undefined = new ArrayList<>();
    List<String> values = new ArrayList<>(List.of(""));
    Matcher part = PART.matcher(text);
    int end = 0;
    while (part.find()) {
      append(values, List.of(text.substring(end, part.start())));
      String name = part.group(1);
      List<String> list =
          name == null
              ? List.of(part.group().equals("\\%") ? "%" : part.group())
              : lists.getOrDefault(name, List.of());
      if (list.isEmpty() && name != null) {
        undefined.add(name);
      } else {
        append(values, list);
      }
      end = part.end();
    }
    append(values, List.of(text.substring(end)));
    return new Placeholders(undefined, undefined.isEmpty() ? values : List.of());
  }

  private static void append(List<String> values, List<String> endings)
      throws TooManyValuesException {
    if ((long) values.size() * endings.size() > MAX_VALUES) {
      throw new TooManyValuesException();
    }
    List<String> longer = new ArrayList<>(values.size() * endings.size());
    for (String value : values) {
      for (String ending : endings) {
        longer.add(value + ending);
      }
    }
    values.clear();
    values.addAll(longer);
  }

  /** The combinations of the lists are beyond the limit. */
  static final class TooManyValuesException extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
