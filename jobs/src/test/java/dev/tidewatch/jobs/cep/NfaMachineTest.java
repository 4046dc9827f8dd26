package dev.tidewatch.jobs.cep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.pattern.plan.AfterMatch;
import dev.tidewatch.pattern.plan.Comparison;
import dev.tidewatch.pattern.plan.Comparison.Operator;
import dev.tidewatch.pattern.plan.Contiguity;
import dev.tidewatch.pattern.plan.Operand;
import dev.tidewatch.pattern.plan.Operand.Which;
import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.pattern.plan.PlanStep;
import dev.tidewatch.pattern.plan.Times;
import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.Match;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Flink's operator does not do, or does later: until, absence on time, bounds. */
class NfaMachineTest {
  private static final List<Integer> FIELD = List.of(0, 0, 0);
  private static final Comparison SAME =
      new Comparison(
          new Operand.Own("f", FIELD),
          Operator.EQUAL,
          new Operand.OfStep(0, Which.LAST, "f", FIELD),
          "f == a.f");

  private final List<String> told = new ArrayList<>();
  private final Conditions conditions =
      new Conditions() {
        @Override
        public void holds(Match match, Window window) {
          told.add(match.timeMicros() + ": " + window.firstMicros() + " x" + window.count());
        }

        @Override
        public void holdsAt(long timeMicros, Window window) {
          told.add("at " + timeMicros + ": " + window.firstMicros() + " x" + window.count());
        }

        @Override
        public void fails() {}

        @Override
        public void overflow(String what) {
          told.add(what);
        }
      };

  private static PlanStep step(int member, boolean not, long within, Comparison... where) {
    return new PlanStep(
        "s" + member,
        not,
        List.of(1L << member),
        Times.ONCE,
        false,
        Contiguity.FOLLOWED_BY,
        within,
        List.of(where));
  }

  private static PatternPlan plan(long until, PlanStep... steps) {
    return new PatternPlan(List.of(steps), 100, until, 0, AfterMatch.SKIP_PAST_LAST, 3);
  }

  private void run(PatternPlan plan, String... events) {
    NfaMachine machine = new NfaMachine(plan);
    MachineState state = machine.newState();
    int id = 0;
    for (String event : events) {
      String[] parts = event.split(" ");
      long time = Long.parseLong(parts[1]);
      advance(machine, state, time - 1);
      int member = parts[0].charAt(0) - 'a';
      String[] fields = {parts.length > 2 ? parts[2] : ""};
      machine.onMatch(state, new Match(time, id++, 0, member, fields, new String[0]), conditions);
    }
    advance(machine, state, 1_000_000);
  }

  private void advance(NfaMachine machine, MachineState state, long until) {
    while (machine.nextTime(state) <= until) {
      machine.onTime(state, machine.nextTime(state), conditions);
    }
  }

  private static final long NONE = Long.MAX_VALUE;

  @Test
  void anOlderBeginCompletesWhereTheNewerDoesNotFit() {
    run(plan(0, step(0, false, NONE), step(1, false, NONE, SAME)), "a 1 x", "a 2 y", "b 3 x");

    assertThat(told).containsExactly("3: 1 x2");
  }

  @Test
  void untilForgetsAfterTheStepsHaveSeenTheEvent() {
    PatternPlan plan = plan(4, step(0, false, NONE), step(1, false, NONE, SAME));

    run(plan, "a 1 x", "c 2", "b 3 x", "a 4 x", "b 5 x");

    assertThat(told).containsExactly("5: 4 x2");
  }

  @Test
  void absenceIsToldWhenItsOwnTimeIsUp() {
    PatternPlan plan = plan(0, step(0, false, NONE), step(1, false, NONE, SAME), step(2, true, 10));

    run(plan, "a 1 x", "b 5 x", "a 40 y", "b 41 y", "c 51");

    assertThat(told).containsExactly("at 15: 1 x2");
  }

  @Test
  void tooManyPartialMatchesAreGivenUpAloud() {
    String[] events = new String[NfaMachine.MAX_PARTIALS + 5];
    for (int i = 0; i < events.length; i++) {
      events[i] = "a 1 x" + i;
    }
    run(plan(0, step(0, false, NONE), step(1, false, NONE, SAME)), events);

    assertThat(told).isNotEmpty().containsOnly("1000 partial matches a group");
  }
}
