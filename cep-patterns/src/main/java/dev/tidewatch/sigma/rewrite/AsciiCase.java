package dev.tidewatch.sigma.rewrite;

/**
 * Lower case of A to Z only. What is equal, or part of the other, in this form is so after the
 * matcher's folding too, which maps each character by itself. The reverse is not needed here.
 */
final class AsciiCase {
  private AsciiCase() {}

  static String lower(String text) {
    StringBuilder out = new StringBuilder(text);
    for (int i = 0; i < out.length(); i++) {
      char c = out.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        out.setCharAt(i, (char) (c + 'a' - 'A'));
      }
    }
    return out.toString();
  }
}
