package dev.tidewatch.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A word of a text search.
 *
 * <p>Words of a text are runs of ASCII letters and digits and of everything beyond ASCII, and the
 * same with {@code . _ @ : -} within: {@code powershell.exe} has the words {@code powershell},
 * {@code exe} and {@code powershell.exe}. A search's word is one of these, whatever its case; other
 * signs cut it into several ({@code C:\\Users\\bob}). With a {@code *} ({@code mimi*}, {@code
 * *katz}, {@code a*b}) or without any letter or digit it is any part of the text.
 *
 * @param whole words that must be in the text, in lower case
 * @param parts texts that must be in the text, as they were written; in lower case on both sides
 */
public record SearchWord(List<String> whole, List<String> parts) {
  private static final Pattern STARS = Pattern.compile("\\*+");
  private static final String WITHIN = "._@:-";

  public SearchWord {
    whole = List.copyOf(whole);
    parts = List.copyOf(parts);
  }

  /**
   * @param word without blanks
   */
  public static SearchWord of(String word) {
    if (word.indexOf('*') >= 0) {
      return new SearchWord(
          List.of(), STARS.splitAsStream(word).filter(part -> !part.isEmpty()).toList());
    }
    List<String> whole = runs(word.toLowerCase(Locale.ROOT), WITHIN);
    return new SearchWord(whole, whole.isEmpty() ? List.of(word) : List.of());
  }

  /**
   * Words that the text of an alert with the entity {@code value} has, for the entity is a line of
   * it. Of values beyond ASCII none: what is their lower case is for ClickHouse to say.
   */
  static List<String> ofEntity(String value) {
    return value.chars().allMatch(c -> c < 0x80)
        ? runs(value.toLowerCase(Locale.ROOT), WITHIN)
        : List.of();
  }

  /** Whether a text, in lower case, has this word; what the store's queries mean. */
  public boolean isIn(String lowerCaseText) {
    return (whole.isEmpty() || words(lowerCaseText).containsAll(whole))
        && parts.stream().allMatch(part -> lowerCaseText.contains(part.toLowerCase(Locale.ROOT)));
  }

  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>(runs(text, ""));
    words.addAll(runs(text, WITHIN));
    return words;
  }

  /** Runs of letters, digits and {@code within}; those signs are cut off their ends. */
  private static List<String> runs(String text, String within) {
    List<String> runs = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || !(isWord(text.charAt(i)) || within.indexOf(text.charAt(i)) >= 0)) {
        add(runs, text, start, i);
        start = i + 1;
      }
    }
    return runs;
  }

  private static void add(List<String> runs, String text, int from, int to) {
    int start = from;
    int end = to;
    while (start < end && !isWord(text.charAt(start))) {
      start++;
    }
    while (end > start && !isWord(text.charAt(end - 1))) {
      end--;
    }
    if (start < end) {
      runs.add(text.substring(start, end));
    }
  }

  private static boolean isWord(char c) {
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
