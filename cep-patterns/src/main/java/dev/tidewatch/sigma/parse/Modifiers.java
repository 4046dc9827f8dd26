package dev.tidewatch.sigma.parse;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The words that may stand behind a field's bar, for editors. */
public final class Modifiers {
  private static final List<String> NAMES =
      Arrays.stream(Modifier.values())
          .map(modifier -> modifier.name().toLowerCase(Locale.ROOT))
          .toList();

  private Modifiers() {}

  /** As rules write them, in Sigma's order. */
  public static List<String> names() {
    return NAMES;
  }
}
