package dev.tidewatch.sigma.parse;

/** {@code selection_*}: a name with {@code *} for any run of characters, anywhere. */
final class NamePattern {
  private NamePattern() {}

  /** Greedy with one point of return, so linear in practice whatever the pattern. */
  static boolean fits(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int resume = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
