package dev.tidewatch.sigma.rewrite;

import static dev.tidewatch.sigma.rewrite.Detections.test;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.ir.Search.Negated;
import org.junit.jupiter.api.Test;

class RemoveDoubleNegationTest {

  @Test
  void twoNegationsGo_threeLeaveOne() {
    assertThat(rewritten("not not a")).isEqualTo("a");
    assertThat(rewritten("b and not (not (not a))")).isEqualTo("b and not a");
    assertThat(rewritten("not not not not a")).isEqualTo("a");
  }

  @Test
  void oneStays() {
    assertThat(rewritten("not a or not (b and c)")).isEqualTo("not a or not (b and c)");
  }

  @Test
  void alsoWithinSelections() {
    Search twice = new Negated(new Negated(test("F")));
    assertThat(Detections.rewritten(new RemoveDoubleNegation(), twice)).isEqualTo(test("F"));
    Search once = new Negated(test("F"));
    assertThat(Detections.rewritten(new RemoveDoubleNegation(), once)).isSameAs(once);
  }

  private static String rewritten(String condition) {
    return Detections.condition(new RemoveDoubleNegation(), condition);
  }
}
