package dev.tidewatch.agent.update;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * A version of the agent, and the name of its directory: numbers between dots, perhaps followed by
 * {@code -} and a word, which comes before the same numbers without (as in Semantic Versioning).
 */
public record AgentVersion(String text) implements Comparable<AgentVersion> {
  private static final Pattern FORM =
      Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9}){0,3}(-[0-9A-Za-z]+([.-][0-9A-Za-z]+)*)?");
  private static final Comparator<AgentVersion> ORDER =
      Comparator.comparing(AgentVersion::numbers, AgentVersion::compareNumbers)
          .thenComparing(version -> version.word().isEmpty())
          .thenComparing(AgentVersion::word, AgentVersion::compareWords);

  /**
   * @throws IllegalArgumentException when it is not of the form
   */
  public AgentVersion {
    if (!isValid(text)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no version: numbers between dots, like 1.4.0 or 1.4.0-rc.1");
    }
  }

  /** Whether the text is a version. */
  public static boolean isValid(String text) {
    return text.length() <= 64 && FORM.matcher(text).matches();
  }

  private String[] numbers() {
    return text.split("-", 2)[0].split("\\.", -1);
  }

  private String word() {
    int dash = text.indexOf('-');
    return dash < 0 ? "" : text.substring(dash + 1);
  }

  private static int compareNumbers(String[] a, String[] b) {
    for (int i = 0; i < Math.max(a.length, b.length); i++) {
      int order =
          Long.compare(
              i < a.length ? Long.parseLong(a[i]) : 0, i < b.length ? Long.parseLong(b[i]) : 0);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int compareWords(String a, String b) {
    String[] as = a.split("\\.", -1);
    String[] bs = b.split("\\.", -1);
    for (int i = 0; i < Math.min(as.length, bs.length); i++) {
      int order = compareWord(as[i], bs[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(as.length, bs.length);
  }

  /** Numbers as numbers and before words. */
  private static int compareWord(String a, String b) {
    boolean numberA = a.matches("[0-9]+");
    boolean numberB = b.matches("[0-9]+");
    if (numberA && numberB) {
      return new BigInteger(a).compareTo(new BigInteger(b));
    }
    return numberA == numberB ? a.compareTo(b) : numberA ? -1 : 1;
  }

  @Override
  public int compareTo(AgentVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return text;
  }
}
