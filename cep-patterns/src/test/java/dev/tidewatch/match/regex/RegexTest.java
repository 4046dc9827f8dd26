package dev.tidewatch.match.regex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tidewatch.match.CaseFolding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random expressions on random texts, against RE2/J. */
class RegexTest {
  private static final List<String> PARTS =
      List.of(
          "a",
          "b",
          "c",
          "A",
          ".",
          "\\d",
          "\\w",
          "\\W",
          "\\s",
          "\\S",
          "[ab]",
          "[^ab]",
          "[a-c\\d]",
          "[[:alpha:]_]",
          "(",
          "(?:",
          "(?i:",
          "(?P<n>",
          ")",
          ")",
          "|",
          "*",
          "+",
          "?",
          "{2}",
          "{1,}",
          "{0,2}",
          "*?",
          "^",
          "$",
          "\\A",
          "\\z",
          "\\b",
          "\\B",
          "\n",
          "\\n",
          "\\.",
          "\\\\",
          "\\x41",
          "(?s)",
          "(?m)",
          "[]a]",
          "[^]a]",
          "-",
          "\\x{62}",
          "1",
          "_",
          "ab",
          "abc",
          "\u00e9",
          "{",
          "k");
  private static final List<String> TEXT =
      List.of("a", "b", "c", "A", "B", " ", "\n", "1", "_", "-", "ab", "abc", "\\", ".", "k", "K");
  private final Random random = new Random(7);

  @Test
  void findsWhatRe2Finds() {
    int compared = 0;
    int matched = 0;
    for (int i = 0; i < 40_000; i++) {
      String regex = join(PARTS, 8);
      String flags = List.of("", "", "i", "m", "s", "ims").get(random.nextInt(6));
      Pattern pattern = pattern(regex, flags);
      Regex ours = pattern == null ? null : Regex.of(regex, flags);
      if (pattern == null || ours == null) {
        continue;
      }
      LazyDfa automaton = ours.matcher();
      for (int j = 0; j < 6; j++) {
        String text = join(TEXT, 7);
        boolean expected = pattern.matcher(text).find();
        byte[] bytes = ("--" + text + "--").getBytes(StandardCharsets.US_ASCII);
        assertThat(automaton.find(bytes, 2, bytes.length - 4))
            .as("/%s/%s on '%s'", regex, flags, text)
            .isEqualTo(expected);
        checkRequired(ours, regex, text, expected);
        compared++;
        matched += expected ? 1 : 0;
      }
    }
    assertThat(compared).isGreaterThan(20_000);
    assertThat(matched).isBetween(compared / 10, compared * 9 / 10);
  }

  private static void checkRequired(Regex ours, String regex, String text, boolean matches) {
    List<String> required = ours.required();
    if (matches && !required.isEmpty()) {
      String folded = CaseFolding.fold(text);
      assertThat(required).as("/%s/ on '%s'", regex, text).anyMatch(folded::contains);
    }
  }

  @Test
  void knowsTextThatMustBeThere() {
    assertThat(required("pow.*shell\\.exe")).containsExactly("shell.exe");
    assertThat(required("a+bc|x")).containsExactly("bc", "x");
    assertThat(required("x?[0-9]*")).isEmpty();
    assertThat(required("(?i)FOO(bar)?")).containsExactly("foo");
    assertThat(required("(cmd|power(shell)?)-x")).containsExactly("cmd", "power");
  }

  private static List<String> required(String regex) {
    Regex parsed = Regex.of(regex, "");
    assertThat(parsed).isNotNull();
    return parsed.required();
  }

  @Test
  void staysWithinItsBudget() {
    Regex regex = Regex.of("(a|b)*a(a|b){14}c", "");
    assertThat(regex).isNotNull();
    LazyDfa automaton = regex.matcher();
    Pattern pattern = Pattern.compile("(a|b)*a(a|b){14}c");
    for (int i = 0; i < 200; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = 0; j < 200; j++) {
        text.append(random.nextInt(40) == 0 ? 'c' : random.nextBoolean() ? 'a' : 'b');
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
      if (!automaton.isThrashing()) {
        assertThat(automaton.find(bytes, 0, bytes.length))
            .isEqualTo(pattern.matcher(text.toString()).find());
      }
    }
    assertThat(automaton.isThrashing()).isTrue();
  }

  private String join(List<String> parts, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = 1 + random.nextInt(most); i > 0; i--) {
      text.append(parts.get(random.nextInt(parts.size())));
    }
    return text.toString();
  }

  private static @org.jspecify.annotations.Nullable Pattern pattern(String regex, String flags) {
    try {
      int bits = flags.contains("i") ? Pattern.CASE_INSENSITIVE : 0;
      bits |= flags.contains("m") ? Pattern.MULTILINE : 0;
      bits |= flags.contains("s") ? Pattern.DOTALL : 0;
      return Pattern.compile(regex, bits);
    } catch (PatternSyntaxException e) {
      return null;
    }
  }
}
