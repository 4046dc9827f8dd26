package dev.tidewatch.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.sigma.ir.TextMode;
import dev.tidewatch.sigma.ir.TextPattern;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The wildcard matcher against the obvious regular expression. */
class TextMatcherPropertyTest {

  @Property(tries = 20_000)
  void matchesWhatTheRegexMatches(
      @ForAll("patterns") String sigma, @ForAll("texts") String text, @ForAll TextMode mode) {
    TextPattern pattern = TextPattern.parse(sigma);
    boolean expected = regex(pattern, mode).matcher(text).matches();
    assertThat(TextMatcher.of(pattern, mode).matches(text))
        .as("%s %s on '%s'", mode, sigma, text)
        .isEqualTo(expected);
  }

  @Property(tries = 2_000)
  void notationRoundTrips(@ForAll("patterns") String sigma) {
    TextPattern pattern = TextPattern.parse(sigma);
    assertThat(TextPattern.parse(pattern.toString())).isEqualTo(pattern);
  }

  private static Pattern regex(TextPattern pattern, TextMode mode) {
    StringBuilder regex = new StringBuilder();
    if (mode == TextMode.CONTAINS || mode == TextMode.ENDSWITH) {
      regex.append(".*");
    }
    for (TextPattern.Segment segment : pattern.segments()) {
      if (segment instanceof TextPattern.Literal literal) {
        regex.append(Pattern.quote(literal.text()));
      } else {
        regex.append(segment instanceof TextPattern.AnyRun ? ".*" : ".");
      }
    }
    if (mode == TextMode.CONTAINS || mode == TextMode.STARTSWITH) {
      regex.append(".*");
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.of("a", "b", "ab", "*", "?", "\\", "\\*", "\ud83d\ude00")
        .list()
        .ofMaxSize(9)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("a", "b", "aa", "*", "\\", "\n", "\ud83d\ude00")
        .list()
        .ofMaxSize(14)
        .map(parts -> String.join("", parts));
  }
}
