package dev.tidewatch.sigma.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.diagnostic.Diagnostics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexCheckTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "(?i)abc",
        "[a-z]{1,1000}",
        "(.){200,}",
        "\\d+\\.\\d+",
        "[[:alpha:]]",
        "(?P<n>a)",
        "\\x{41}",
        "a|b|",
        "",
        "((((a))))",
        "(?:[0-9]{1,3}\\.){3}[0-9]{1,3}",
        "(?i)[ -ÿ]",
        "{",
        "a{"
      })
  void takesWhatTheEngineTakes(String regex) {
    assertThat(accepts(regex)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "((a{1000}){1000}){1000}",
        "(a{1000}){1000}",
        "((a{100}){100}){100}",
        "[a-z]{1001}",
        "(((((a{9}){9}){9}){9}){9}){9}"
      })
  void refusesWhatExplodes(String regex) {
    assertThat(accepts(regex)).isFalse();
  }

  @Test
  void refusesDeepNestingAndLength() {
    assertThat(accepts("(".repeat(5_000) + "a" + ")".repeat(5_000))).isFalse();
    assertThat(accepts("a".repeat(1 << 20))).isFalse();
  }

  /** google/re2j#168: the engine would never come back from these. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?i)\u1c80",
        "(?i)[\u0100-\uffff]",
        "(?i)\\x{1c83}",
        "(?i)[a-\\x{10ffff}]",
        "(?si)x\u1c88",
        "(?i:\u1c85)"
      })
  void refusesFoldingThatNeverEnds(String regex) {
    assertThat(accepts(regex)).isFalse();
    assertThat(accepts(regex.replaceFirst("\\(\\?[si]+", regex.startsWith("(?i:") ? "(?" : "(?s")))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({"a, 1", "abc, 3", "a{10}, 11", "(ab){10}, 44", "[a-z]{5}, 12"})
  void estimatesSize(String regex, long size) {
    assertThat(RegexSize.of(regex)).isEqualTo(size);
  }

  private static boolean accepts(String regex) {
    return RegexCheck.accepts(regex, "", ConditionParserTest.scalar("x"), new Diagnostics("r.yml"));
  }
}
