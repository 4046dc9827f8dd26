package dev.tidewatch.remember;

/** Values from events as they stand in alerts: bounded, and still valid text. */
public final class ValueText {
  private ValueText() {}

  /** At most {@code most} characters; what was cut shows as an ellipsis. Keeps surrogates whole. */
  public static String cut(String value, int most) {
    if (value.length() <= most) {
      return value;
    }
    int end = most - 1;
    if (Character.isHighSurrogate(value.charAt(end - 1))) {
      end--;
    }
    return value.substring(0, end) + "…";
  }

  /** {@link #cut} to one line: control characters, line breaks among them, become blanks. */
  public static String line(String value, int most) {
    String cut = cut(value, most);
    StringBuilder line = new StringBuilder(cut.length());
    cut.chars().forEach(c -> line.append(Character.isISOControl(c) ? ' ' : (char) c));
    return line.toString();
  }
}
