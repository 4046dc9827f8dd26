package dev.tidewatch.sigma.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.sigma.ir.Condition;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ConditionParserPropertyTest {
  private static final List<String> NAMES = List.of("a", "b", "sel_1", "sel_2", "_x");

  @Property(tries = 2_000)
  void whatIsPrintedParsesToTheSame(@ForAll("conditions") Condition condition) {
    assertThat(parse(condition.toString())).contains(condition);
  }

  @Property(tries = 5_000)
  void anyWordsParseOrGiveAnError(@ForAll("words") List<String> words) {
    Diagnostics diagnostics = new Diagnostics("c.yml");
    var scalar = ConditionParserTest.scalar(String.join(" ", words));
    Optional<Condition> parsed = new ConditionParser(NAMES, "", diagnostics).parse(scalar);
    assertThat(parsed.isEmpty()).isEqualTo(diagnostics.errors() > 0);
    assertThat(diagnostics.found()).allMatch(d -> d.line() == 1 && d.column() >= 4);
  }

  private static Optional<Condition> parse(String text) {
    return new ConditionParser(NAMES, "", new Diagnostics("c.yml"))
        .parse(ConditionParserTest.scalar(text));
  }

  @Provide
  Arbitrary<List<String>> words() {
    return Arbitraries.of(
            "a", "b", "sel_1", "and", "or", "not", "(", ")", "1", "all", "any", "of", "them",
            "sel_*", "*", "|", "count()", "near", "x", "OR", "2", "''", "\"", "é", "->")
        .list()
        .ofMaxSize(12);
  }

  @Provide
  Arbitrary<Condition> conditions() {
    return conditions(4);
  }

  private static Arbitrary<Condition> conditions(int depth) {
    Arbitrary<Condition> leaf =
        Arbitraries.of(
            new Condition.Selection("a"),
            new Condition.Selection("_x"),
            new Condition.AtLeast(1, "sel_*", List.of("sel_1", "sel_2")),
            new Condition.AtLeast(2, "them", List.of("a", "b", "sel_1", "sel_2")),
            new Condition.AllOf("*_1", List.of("sel_1")));
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<Condition> inner = conditions(depth - 1);
    Arbitrary<List<Condition>> terms = inner.list().ofMinSize(2).ofMaxSize(4);
    return Arbitraries.oneOf(
        leaf,
        inner.map(Condition.Not::new),
        terms.map(Condition.And::new),
        terms.map(Condition.Or::new));
  }
}
