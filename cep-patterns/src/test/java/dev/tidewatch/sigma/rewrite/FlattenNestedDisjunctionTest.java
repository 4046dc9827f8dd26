package dev.tidewatch.sigma.rewrite;

import static dev.tidewatch.sigma.rewrite.Detections.test;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.ir.Search.Any;
import dev.tidewatch.sigma.ir.Search.Every;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlattenNestedDisjunctionTest {

  @Test
  void parenthesesWithinAnOrGo() {
    assertThat(rewritten("a or (b or (c or other))")).isEqualTo("a or b or c or other");
    assertThat(rewritten("not (a or (b or c))")).isEqualTo("not (a or b or c)");
  }

  @Test
  void othersStay() {
    assertThat(rewritten("a or (b and c)")).isEqualTo("a or (b and c)");
    assertThat(rewritten("a and (b and c)")).isEqualTo("a and (b and c)");
    assertThat(rewritten("a or 2 of them")).isEqualTo("a or 2 of them");
  }

  @Test
  void alsoWithinSelections() {
    assertThat(Detections.selection(rewrite(), "- F|contains: [x, y]\n- G: z"))
        .isEqualTo("(F contains x | F contains y | G equals z)");
    assertThat(Detections.rewritten(rewrite(), new Any(List.of(test("F"))))).isEqualTo(test("F"));
    Search every = new Every(List.of(test("F"), new Every(List.of(test("G"), test("H")))));
    assertThat(Detections.rewritten(rewrite(), every)).isSameAs(every);
  }

  private static Rewrite rewrite() {
    return new FlattenNestedDisjunction();
  }

  private static String rewritten(String condition) {
    return Detections.condition(rewrite(), condition);
  }
}
