package dev.tidewatch.sigma.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A word, a parenthesis or a bar of a condition. The last token is the empty end.
 *
 * @param offset in the condition's text
 */
record ConditionToken(String text, int offset) {

  static List<ConditionToken> split(String condition) {
    List<ConditionToken> tokens = new ArrayList<>();
    int at = 0;
    while (at < condition.length()) {
      char c = condition.charAt(at);
      int end = at + 1;
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      while (!isPunctuation(c) && end < condition.length() && isWordPart(condition.charAt(end))) {
        end++;
      }
      tokens.add(new ConditionToken(condition.substring(at, end), at));
      at = end;
    }
    tokens.add(new ConditionToken("", condition.length()));
    return tokens;
  }

  private static boolean isPunctuation(char c) {
    return c == '(' || c == ')' || c == '|';
  }

  private static boolean isWordPart(char c) {
    return !Character.isWhitespace(c) && !isPunctuation(c);
  }

  boolean isEnd() {
    return text.isEmpty();
  }

  boolean is(String punctuation) {
    return text.equals(punctuation);
  }

  boolean isWord() {
    return !isEnd() && !isPunctuation(text.charAt(0));
  }

  /** Keywords are known in any case. */
  boolean isWord(String keyword) {
    return text.equalsIgnoreCase(keyword);
  }

  String lower() {
    return text.toLowerCase(Locale.ROOT);
  }
}
