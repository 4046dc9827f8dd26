package dev.tidewatch.sigma.rewrite;

import static dev.tidewatch.sigma.rewrite.Detections.test;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.ir.Search.Any;
import dev.tidewatch.sigma.ir.Search.Every;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlattenNestedConjunctionTest {

  @Test
  void parenthesesWithinAnAndGo() {
    assertThat(rewritten("a and (b and (c and other))")).isEqualTo("a and b and c and other");
    assertThat(rewritten("not (a and (b and c))")).isEqualTo("not (a and b and c)");
  }

  @Test
  void othersStay() {
    assertThat(rewritten("a and (b or c)")).isEqualTo("a and (b or c)");
    assertThat(rewritten("a or (b or c)")).isEqualTo("a or (b or c)");
  }

  @Test
  void alsoWithinSelections() {
    assertThat(Detections.selection(rewrite(), "F|contains|all: [x, y]\nG: z"))
        .isEqualTo("(F contains x & F contains y & G equals z)");
    assertThat(Detections.rewritten(rewrite(), new Every(List.of(test("F"))))).isEqualTo(test("F"));
    Search any = new Any(List.of(test("F"), new Any(List.of(test("G"), test("H")))));
    assertThat(Detections.rewritten(rewrite(), any)).isSameAs(any);
  }

  private static Rewrite rewrite() {
    return new FlattenNestedConjunction();
  }

  private static String rewritten(String condition) {
    return Detections.condition(rewrite(), condition);
  }
}
