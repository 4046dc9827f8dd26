package dev.tidewatch.sigma.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Condition.AllOf;
import dev.tidewatch.sigma.ir.Condition.And;
import dev.tidewatch.sigma.ir.Condition.AtLeast;
import dev.tidewatch.sigma.ir.Condition.Not;
import dev.tidewatch.sigma.ir.Condition.Or;
import dev.tidewatch.sigma.ir.Condition.Selection;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConditionParserTest {
  private static final List<String> NAMES =
      List.of("a", "b", "c", "sel_1", "sel_2", "_hidden", "filter_main_mdadm.conf");
  private static final Selection A = new Selection("a");
  private static final Selection B = new Selection("b");
  private static final Selection C = new Selection("c");

  @Test
  void notBindsBeforeAndBeforeOr() {
    assertThat(parsed("a or b and not c"))
        .isEqualTo(new Or(List.of(A, new And(List.of(B, new Not(C))))));
    assertThat(parsed("(a or b) and c")).isEqualTo(new And(List.of(new Or(List.of(A, B)), C)));
    assertThat(parsed("not (a and b)")).isEqualTo(new Not(new And(List.of(A, B))));
    assertThat(parsed("not not a")).isEqualTo(new Not(new Not(A)));
    assertThat(parsed("a and b and c")).isEqualTo(new And(List.of(A, B, C)));
  }

  @Test
  void parenthesesNeedNoBlanks_keywordsAreKnownInAnyCase() {
    assertThat(parsed("not(a)AND(b)")).isEqualTo(new And(List.of(new Not(A), B)));
    assertThat(parsed("((a))")).isEqualTo(A);
    assertThat(parsed("a\n  OR b")).isEqualTo(new Or(List.of(A, B)));
  }

  @Test
  void quantifiers() {
    assertThat(parsed("1 of sel_*")).isEqualTo(new AtLeast(1, "sel_*", List.of("sel_1", "sel_2")));
    assertThat(parsed("any of *_1")).isEqualTo(new AtLeast(1, "*_1", List.of("sel_1")));
    assertThat(parsed("2 of sel_*")).isEqualTo(new AtLeast(2, "sel_*", List.of("sel_1", "sel_2")));
    assertThat(parsed("all of s*l*2")).isEqualTo(new AllOf("s*l*2", List.of("sel_2")));
    assertThat(parsed("all of filter_main_*"))
        .isEqualTo(new AllOf("filter_main_*", List.of("filter_main_mdadm.conf")));
    assertThat(parsed("1 of a")).isEqualTo(new AtLeast(1, "a", List.of("a")));
  }

  @Test
  void underscoredNamesAreLeftOutUnlessThePatternHasOne() {
    assertThat(((AllOf) parsed("all of them")).selections()).doesNotContain("_hidden").hasSize(6);
    assertThat(((AllOf) parsed("all of *")).selections()).doesNotContain("_hidden");
    assertThat(parsed("1 of _*")).isEqualTo(new AtLeast(1, "_*", List.of("_hidden")));
    assertThat(parsed("_hidden")).isEqualTo(new Selection("_hidden"));
  }

  @Test
  void nestingAndLengthAreBounded() {
    assertThat(codes("(".repeat(99) + "a" + ")".repeat(99))).isEmpty();
    assertThat(codes("(".repeat(10_000) + "a" + ")".repeat(10_000))).containsExactly("TW-E1305");
    assertThat(codes("not ".repeat(10_000) + "a")).containsExactly("TW-E1305");
    assertThat(codes("a" + " or b".repeat(5_000))).isEmpty();
    assertThat(codes("a" + " or b".repeat(50_000))).containsExactly("TW-E1305");
  }

  @Test
  void manyStarsInAPatternCostNothing() {
    assertThat(codes("1 of " + "*a".repeat(2_000))).containsExactly("TW-E1303");
  }

  private static Condition parsed(String condition) {
    Diagnostics diagnostics = new Diagnostics("c.yml");
    Optional<Condition> parsed = parse(condition, diagnostics);
    assertThat(diagnostics.found()).isEmpty();
    return parsed.orElseThrow();
  }

  private static List<String> codes(String condition) {
    Diagnostics diagnostics = new Diagnostics("c.yml");
    assertThat(parse(condition, diagnostics).isPresent()).isEqualTo(diagnostics.errors() == 0);
    return diagnostics.found().stream().map(d -> d.code()).toList();
  }

  private static Optional<Condition> parse(String condition, Diagnostics diagnostics) {
    return new ConditionParser(NAMES, "", diagnostics).parse(scalar(condition));
  }

  static Scalar scalar(String text) {
    String yaml = "k: '" + text.replace("'", "''").replace("\n", "\n\n") + "'";
    Diagnostics diagnostics = new Diagnostics("c.yml");
    Mapping mapping = (Mapping) YamlReader.read(yaml, diagnostics).get(0).root().orElseThrow();
    return (Scalar) mapping.entries().get(0).value();
  }
}
