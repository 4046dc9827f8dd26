package dev.tidewatch.sigma;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which value lists the text of a rule may ask for with {@code expand}. */
public final class PlaceholderNames {
  private static final Pattern NAME = Pattern.compile("%(?=([A-Za-z0-9_.-]+)%)");

  private PlaceholderNames() {}

  /** All that stand between percent signs somewhere; a few may be none. */
  public static Set<String> in(String text) {
    Set<String> names = new HashSet<>();
    if (text.contains("expand")) {
      Matcher name = NAME.matcher(text);
      while (name.find()) {
        names.add(name.group(1));
      }
    }
    return names;
  }
}
