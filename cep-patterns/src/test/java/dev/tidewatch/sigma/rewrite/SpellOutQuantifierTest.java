package dev.tidewatch.sigma.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpellOutQuantifierTest {

  @Test
  void allIsAConjunction_oneADisjunction() {
    assertThat(rewritten("all of them")).isEqualTo("a and b and c and other");
    assertThat(rewritten("1 of them")).isEqualTo("a or b or c or other");
    assertThat(rewritten("not any of them")).isEqualTo("not (a or b or c or other)");
  }

  @Test
  void oneSelectionStandsForItself() {
    assertThat(rewritten("1 of o* and all of a*")).isEqualTo("other and a");
  }

  @Test
  void asManyAsThereAreIsAConjunction() {
    assertThat(rewritten("4 of them")).isEqualTo("a and b and c and other");
  }

  @Test
  void otherNumbersStay() {
    assertThat(rewritten("2 of them or a")).isEqualTo("2 of them or a");
  }

  private static String rewritten(String condition) {
    return Detections.condition(new SpellOutQuantifier(), condition);
  }
}
