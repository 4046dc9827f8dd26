package dev.tidewatch.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.pattern.machines.Comparing;
import dev.tidewatch.pattern.machines.PatternEvent;
import dev.tidewatch.pattern.plan.AfterMatch;
import dev.tidewatch.pattern.plan.Comparison;
import dev.tidewatch.pattern.plan.Comparison.Operator;
import dev.tidewatch.pattern.plan.Contiguity;
import dev.tidewatch.pattern.plan.Operand;
import dev.tidewatch.pattern.plan.Operand.Which;
import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.pattern.plan.PlanStep;
import dev.tidewatch.pattern.plan.Times;
import dev.tidewatch.remember.Match;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ComparingTest {
  private static final List<Integer> FIELD = List.of(0, 0);
  private static final Operand OWN = new Operand.Own("f", FIELD);

  private static PatternEvent event(int member, @Nullable String value) {
    @Nullable String[] fields = {value};
    return new PatternEvent(new Match(0, 0, 0, member, fields, new String[0]));
  }

  private static PlanStep step(int member, Comparison... where) {
    return new PlanStep(
        "s" + member,
        false,
        List.of(1L << member),
        Times.ONCE,
        false,
        Contiguity.FOLLOWED_BY,
        Long.MAX_VALUE,
        List.of(where));
  }

  /** Whether {@code value op step.f} holds where the step before took events with values. */
  private static boolean holds(
      @Nullable String value, Operator operator, Which which, @Nullable String... before) {
    Comparison comparison =
        new Comparison(OWN, operator, new Operand.OfStep(0, which, "f", FIELD), "");
    return holds(comparison, value, before);
  }

  private static boolean holds(
      Comparison comparison, @Nullable String value, @Nullable String... before) {
    PatternPlan plan =
        new PatternPlan(
            List.of(step(0), step(1, comparison)), 10, 0, 0, AfterMatch.SKIP_PAST_LAST, 2);
    List<PatternEvent> taken = new ArrayList<>();
    for (String one : before) {
      taken.add(event(0, one));
    }
    return new Comparing(plan, 1).holds(event(1, value), step -> step == 0 ? taken : List.of());
  }

  @Test
  void textIsEqualWithoutRegardToCaseAndNumbersAreNumbers() {
    assertThat(holds("Ann", Operator.EQUAL, Which.LAST, "bob", "ANN")).isTrue();
    assertThat(holds("Ann", Operator.EQUAL, Which.FIRST, "bob", "ANN")).isFalse();
    assertThat(holds("10", Operator.EQUAL, Which.LAST, "0xa")).isTrue();
    assertThat(holds("9", Operator.LESS, Which.LAST, "10")).isTrue();
    assertThat(holds("10", Operator.AT_MOST, Which.LAST, "10")).isTrue();
    assertThat(holds("nine", Operator.LESS, Which.LAST, "10")).isFalse();
  }

  @Test
  void valuesAreAnyOfThemAndNoneOfThem() {
    assertThat(holds("b", Operator.EQUAL, Which.VALUES, "a", "b", "c")).isTrue();
    assertThat(holds("d", Operator.EQUAL, Which.VALUES, "a", "b", "c")).isFalse();
    assertThat(holds("b", Operator.NOT_EQUAL, Which.VALUES, "a", "b", "c")).isFalse();
    assertThat(holds("d", Operator.NOT_EQUAL, Which.VALUES, "a", "b", "c")).isTrue();
  }

  @Test
  void aMissingValueFailsAndAStepWithoutEventsHasNothingToSay() {
    assertThat(holds(null, Operator.EQUAL, Which.LAST, "a")).isFalse();
    assertThat(holds("a", Operator.NOT_EQUAL, Which.LAST, (String) null)).isFalse();
    assertThat(holds("a", Operator.EQUAL, Which.LAST)).isTrue();
  }

  @Test
  void textOperators() {
    assertThat(holds("C:\\Temp\\a.exe", Operator.CONTAINS, Which.LAST, "TEMP")).isTrue();
    assertThat(holds("C:\\Temp\\a.exe", Operator.STARTS_WITH, Which.LAST, "c:\\")).isTrue();
    assertThat(holds("C:\\Temp\\a.exe", Operator.ENDS_WITH, Which.LAST, ".EXE")).isTrue();
    assertThat(holds("C:\\Temp\\a.exe", Operator.ENDS_WITH, Which.LAST, "temp")).isFalse();
  }

  @Test
  void networks() {
    assertThat(holds("10.1.2.3", Operator.IN_CIDR, Which.LAST, "10.0.0.0/8")).isTrue();
    assertThat(holds("::ffff:10.1.2.3", Operator.IN_CIDR, Which.LAST, "10.0.0.0/8")).isTrue();
    assertThat(holds("11.1.2.3", Operator.IN_CIDR, Which.LAST, "10.0.0.0/8")).isFalse();
    assertThat(holds("fe80::1", Operator.IN_CIDR, Which.LAST, "fe80::/10")).isTrue();
    assertThat(holds("10.1.2.3", Operator.IN_CIDR, Which.LAST, "10.1.2.3")).isTrue();
    assertThat(holds("10.1.2.3", Operator.IN_CIDR, Which.LAST, "10.0.0.0/99")).isFalse();
    assertThat(holds("host", Operator.IN_CIDR, Which.LAST, "10.0.0.0/8")).isFalse();
  }

  @Test
  void countsAndLiterals() {
    Comparison three =
        new Comparison(new Operand.Count(0), Operator.AT_LEAST, new Operand.Literal("3"), "");

    assertThat(holds(three, "x", "a", "b", "c")).isTrue();
    assertThat(holds(three, "x", "a", "b")).isFalse();
  }
}
