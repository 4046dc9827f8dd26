package dev.tidewatch.sigma.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MergeEqualPartsTest {

  @Test
  void equalTermsOfAConditionAreOne() {
    assertThat(condition("a and b and a")).isEqualTo("a and b");
    assertThat(condition("a or not b or a or not b")).isEqualTo("a or not b");
    assertThat(condition("(a or a) and (a and a)")).isEqualTo("a");
    assertThat(condition("a and (a or b)")).isEqualTo("a and (a or b)");
  }

  @Test
  void equalValuesAreOne_theFirstAsWritten() {
    assertThat(selection("F: [Cmd, cmd, x, CMD]")).isEqualTo("(F equals Cmd | F equals x)");
    assertThat(selection("F|contains|all: [x, X]")).isEqualTo("F contains x");
    assertThat(selection("F: ['a*B', 'A*b']")).isEqualTo("F equals a*B");
    assertThat(selection("- F: 5\n- F: 5\n- F: 6")).isEqualTo("(F equals 5 | F equals 6)");
  }

  @Test
  void differentFieldsModesAndCasesStay() {
    assertThat(selection("F|cased: [x, X]")).isEqualTo("(F equals x | F equals X)");
    assertThat(selection("- F: x\n- G: x\n- F|contains: x"))
        .isEqualTo("(F equals x | G equals x | F contains x)");
    assertThat(selection("F|re: [x, X]")).isEqualTo("(F re x | F re X)");
  }

  private static String condition(String condition) {
    return Detections.condition(new MergeEqualParts(), condition);
  }

  private static String selection(String yaml) {
    return Detections.selection(new MergeEqualParts(), yaml);
  }
}
