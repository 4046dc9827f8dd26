package dev.tidewatch.correlation;

import static dev.tidewatch.correlation.Stream.compile;
import static dev.tidewatch.correlation.Stream.correlation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.remember.Conditions.Finding;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One test per row of the Sigma semantics that we hold to (rows 20 to 30 and 32). */
class CorrelationSemanticsTest {
  private static final String TWO =
      """
      type: event_count
      rules: [a]
      group-by: [G]
      timespan: 10s
      condition: {gte: 2}
      """;

  @Test
  void row20_windowsSlideAndHoldBothTheirEnds() {
    assertThat(new Stream(correlation("two", TWO)).fire("a", 0, 10).episodes())
        .containsExactly("two 10-10 2");
    assertThat(new Stream(correlation("two", TWO)).fire("a", 0, 10.000001).episodes()).isEmpty();
    assertThat(new Stream(correlation("two", TWO)).fire("a", 9, 11).episodes())
        .as("no boundary of a clock lies between")
        .containsExactly("two 11-11 2");
  }

  @Test
  void row21_resultsAreThoseOfEventsSortedByEventTime() {
    List<String> sorted =
        new Stream(correlation("two", TWO)).fire("a", 0, 4, 30, 35, 50).episodes();
    assertThat(new Stream(correlation("two", TWO)).fire("a", 35, 50, 4, 30, 0).episodes())
        .isEqualTo(sorted)
        .containsExactly("two 4-4 2", "two 35-35 2");
  }

  @Test
  void row22_anEpisodeGoesOnWhileTheConditionHoldsAndANewOneOpensAfterItWasFalse() {
    assertThat(new Stream(correlation("two", TWO)).fire("a", 0, 5, 9, 14, 40, 41).episodes())
        .containsExactly("two 5-14 4", "two 41-41 2");
    assertThat(
            new Stream(correlation("two", TWO) + "suppress: 1h\n")
                .fire("a", 0, 5, 40, 41, 3606)
                .fire("a", 3607)
                .episodes())
        .as("suppressed: counted onto the episode before")
        .containsExactly("two 5-41 4", "two 3607-3607 2");
  }

  @Test
  void row23_ltLteEqNeqAreDecidedWhenTheWindowCloses() {
    assertThat(closing("{lt: 3}")).containsExactly("it 10-10 2", "it 25-25 1");
    assertThat(closing("{lte: 1}")).containsExactly("it 25-25 1");
    assertThat(closing("{eq: 2}")).containsExactly("it 10-10 2");
    assertThat(closing("{neq: 2}")).containsExactly("it 25-25 1");
    assertThat(closing("{gte: 1, lte: 1}"))
        .as("a range with a lower bound is decided at matches")
        .containsExactly("it 0-0 1");
  }

  private static List<String> closing(String condition) {
    String yaml = TWO.replace("{gte: 2}", condition);
    return new Stream(correlation("it", yaml)).fire("a", 0, 10, 15).episodes();
  }

  @Test
  void row24_aMatchWithoutAGroupByFieldTakesNoPartAndIsCounted() {
    Stream stream = new Stream(correlation("two", TWO));
    stream.fire("a", 0, "\"H\":1").fire("a", 1, "\"G\":null").fire("a", 2);
    assertThat(stream.episodes()).isEmpty();
    assertThat(stream.remember().withoutGroup().values()).containsExactly(2L);
  }

  @Test
  void row24_anEmptyGroupKeyIsAKey() {
    assertThat(
            new Stream(correlation("two", TWO))
                .fire("a", 0, "\"G\":\"\"")
                .fire("a", 1, "\"G\":\"\"")
                .episodes())
        .containsExactly("two 1-1 2");
  }

  @Test
  void row25_temporalWantsEveryRuleOrTheCountOrTheExpressionOfItsCondition() {
    assertThat(temporal("").fire("b", 0).fire("c", 3).fire("a", 10).episodes())
        .containsExactly("it 10-10 3");
    assertThat(temporal("").fire("b", 0).fire("c", 3).fire("a", 10.5).episodes()).isEmpty();
    assertThat(temporal("").fire("abc", 1).episodes())
        .as("one event may satisfy several rules")
        .containsExactly("it 1-1 3");
    assertThat(temporal("condition: {gte: 2}").fire("a", 0, 1, 2).fire("c", 3).episodes())
        .containsExactly("it 3-3 2");
    assertThat(temporal("condition: a and (b or c)").fire("b", 0).fire("a", 2).episodes())
        .containsExactly("it 2-2 2");
    assertThat(temporal("condition: a and not b").fire("a", 0).fire("b", 30).episodes())
        .as("not is decided when the window closes")
        .containsExactly("it 10-10 1");
    assertThat(temporal("condition: a and not b").fire("a", 0).fire("b", 10).episodes()).isEmpty();
  }

  private static Stream temporal(String condition) {
    return new Stream(
        correlation(
            "it", "type: temporal\nrules: [a, b, c]\ngroup-by: [G]\ntimespan: 10s\n" + condition));
  }

  @Test
  void row26_temporalOrderedWantsTheRulesInOrderAndEqualTimesCountAsInOrder() {
    assertThat(ordered().fire("a", 0).fire("b", 5).fire("c", 10).episodes())
        .containsExactly("it 10-10 3");
    assertThat(ordered().fire("b", 0).fire("a", 5).fire("c", 10).episodes()).isEmpty();
    assertThat(ordered().fire("c", 1).fire("b", 1).fire("a", 1).episodes())
        .containsExactly("it 1-1 3");
    assertThat(ordered().fire("a", 0).fire("b", 1).fire("a", 8).fire("c", 11).episodes())
        .as("the later start did not see b")
        .isEmpty();
    assertThat(ordered().fire("a", 0, 8).fire("b", 9).fire("c", 18).episodes())
        .as("the later start counts")
        .containsExactly("it 18-18 3");
  }

  private static Stream ordered() {
    return new Stream(
        correlation(
            "it", "type: temporal_ordered\nrules: [a, b, c]\ngroup-by: [G]\ntimespan: 10s\n"));
  }

  @Test
  void row27_valueCountCountsDistinctValuesAndTuples() {
    String one = "type: value_count\nrules: [a]\ngroup-by: [G]\ntimespan: 10s\n";
    Stream values = new Stream(correlation("it", one + "condition: {gte: 2, field: F}"));
    values.fire("a", 0, "\"G\":1,\"F\":\"x\"").fire("a", 1, "\"G\":1,\"F\":\"x\"");
    values.fire("a", 2, "\"G\":1,\"F\":null").fire("a", 3, "\"G\":1,\"F\":\"y\"");
    assertThat(values.episodes()).containsExactly("it 3-3 2");
    assertThat(values.findings()).containsExactly(List.of(new Finding(-1, "distinct F", "2")));
    Stream tuples = new Stream(correlation("it", one + "condition: {gte: 3, field: [F, H]}"));
    tuples.fire("a", 0, "\"G\":1,\"F\":\"x\",\"H\":\"yz\"");
    tuples.fire("a", 1, "\"G\":1,\"F\":\"xy\",\"H\":\"z\"");
    tuples.fire("a", 2, "\"G\":1,\"F\":\"xy\"");
    tuples.fire("a", 3, "\"G\":1,\"F\":\"xy\",\"H\":\"q\"");
    assertThat(tuples.episodes()).containsExactly("it 3-3 3");
  }

  @Test
  void row28_sumsAveragesAndPercentilesSkipWhatIsNoNumber() {
    assertThat(numbers("value_sum", "{gt: 0.3, field: F}", "0.1", "many", "0.2", "0.1"))
        .containsExactly("it 3-3 3");
    assertThat(numbers("value_sum", "{gte: 0.3, field: F}", "0.1", "many", "0.2"))
        .as("sums are exact")
        .containsExactly("it 2-2 2");
    assertThat(numbers("value_avg", "{gte: 2, field: F}", "1", "", "3"))
        .containsExactly("it 2-2 2");
    assertThat(numbers("value_percentile", "{gte: 5, field: F}", "1", "9", "5"))
        .as("the median of three is the second")
        .containsExactly("it 2-2 3");
    assertThat(numbers("value_percentile", "{gte: 9, percentile: 90, field: F}", "9", "x", "1"))
        .containsExactly("it 0-2 2");
  }

  private static List<String> numbers(String type, String condition, String... values) {
    Stream stream =
        new Stream(
            correlation(
                "it",
                "type: %s\nrules: [a]\ngroup-by: [G]\ntimespan: 10s\ncondition: %s"
                    .formatted(type, condition)));
    for (int i = 0; i < values.length; i++) {
      stream.fire("a", i, "\"G\":1,\"F\":\"%s\"".formatted(values[i]));
    }
    return stream.episodes();
  }

  @Test
  void row29_chainsOfThreeAndNoCycles() {
    String twice = TWO.replace("[a]", "[two]").replace("10s", "100s");
    String thrice = TWO.replace("[a]", "[twice]").replace("10s", "1000s");
    Stream stream =
        new Stream(
            correlation("two", TWO), correlation("twice", twice), correlation("thrice", thrice));
    stream.fire("a", 0, 1, 50, 51, 400, 401, 450, 451);
    assertThat(stream.episodes())
        .containsExactlyInAnyOrder(
            "two 1-1 2",
            "two 51-51 2",
            "twice 51-51 2",
            "two 401-401 2",
            "two 451-451 2",
            "thrice 451-451 2",
            "twice 451-451 2");
    assertThat(
            codes(
                compile(
                    correlation("two", TWO.replace("[a]", "[it]")),
                    correlation("it", TWO.replace("[a]", "[two]")))))
        .containsExactly("TW-E1603", "TW-E1603");
    assertThat(
            codes(
                compile(
                    correlation("two", TWO),
                    correlation("twice", twice),
                    correlation("thrice", thrice),
                    correlation("fourth", TWO.replace("[a]", "[thrice]")))))
        .containsExactly("TW-E1615");
  }

  private static List<String> codes(Compilation compilation) {
    return compilation.diagnostics().stream()
        .filter(Diagnostic::isError)
        .map(Diagnostic::code)
        .toList();
  }

  @Test
  void row30_referredRulesAlertByThemselvesOnlyWithGenerate() {
    String a = "00000000-0000-4000-8000-00000000000a";
    assertThat(compile(correlation("two", TWO)).silent()).containsExactly(a);
    assertThat(compile(correlation("two", TWO) + "generate: true\n").silent()).isEmpty();
    assertThat(compile(correlation("two", TWO + "generate: true\n")).silent())
        .as("some of Sigma's examples have it inside")
        .isEmpty();
    assertThat(
            compile(correlation("two", TWO) + "generate: true\n", correlation("it", TWO)).silent())
        .as("one correlation that generates is enough")
        .isEmpty();
  }

  @Test
  void row32_aBoundThatIsReachedIsSaid() {
    CorrelationPlan plan =
        new CorrelationPlan(
            CorrelationType.VALUE_PERCENTILE,
            1,
            List.of("f"),
            new Windowing.Sliding(1_000_000_000),
            new CorrelationPlan.Percentile(
                BigDecimal.TEN, new Bounds(java.util.Map.of(Bounds.Operator.GTE, BigDecimal.ONE))));
    GroupDriver driver = new GroupDriver(TestRules.of(plan, 0));
    for (int i = 0; i <= CorrelationPlan.MAX_SORTED + 5; i++) {
      driver.add(Matches.of(i, 0, "0"));
    }
    assertThat(driver.finish().overflows())
        .containsExactly("10,000 numbers in a window; the oldest do not count");
  }
}
