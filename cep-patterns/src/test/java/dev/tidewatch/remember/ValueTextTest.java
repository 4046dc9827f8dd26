package dev.tidewatch.remember;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ValueTextTest {
  @Test
  void shortValuesStay() {
    assertThat(ValueText.cut("abc", 3)).isEqualTo("abc");
  }

  @Test
  void longValuesAreCutToTheLengthThatWasAskedFor() {
    assertThat(ValueText.cut("abcd", 3)).isEqualTo("ab…");
  }

  @Test
  void aCharacterOfTwoUnitsIsNotHalved() {
    assertThat(ValueText.cut("a\uD83D\uDE00bc", 3)).isEqualTo("a…");
  }

  @Test
  void aLineHasNoControlCharacters() {
    assertThat(ValueText.line("a\nb\tc\u0000d", 100)).isEqualTo("a b c d");
  }
}
