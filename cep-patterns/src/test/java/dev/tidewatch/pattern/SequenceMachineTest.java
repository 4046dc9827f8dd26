package dev.tidewatch.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.pattern.machines.SequenceMachine;
import dev.tidewatch.pattern.plan.AfterMatch;
import dev.tidewatch.pattern.plan.Contiguity;
import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.pattern.plan.PlanStep;
import dev.tidewatch.pattern.plan.Times;
import dev.tidewatch.remember.EpisodeUpdate;
import dev.tidewatch.remember.Match;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each behaviour once, by hand; the property tests have the rest. */
class SequenceMachineTest {
  private static final long NONE = Long.MAX_VALUE;

  private static PlanStep once(int... members) {
    return step(false, Times.ONCE, NONE, members);
  }

  private static PlanStep not(int member) {
    return step(true, Times.ONCE, NONE, member);
  }

  private static PlanStep step(boolean not, Times times, long within, int... members) {
    long mask = 0;
    for (int member : members) {
      mask |= 1L << member;
    }
    String name = "s" + members[0];
    return new PlanStep(
        name, not, List.of(mask), times, false, Contiguity.FOLLOWED_BY, within, List.of());
  }

  private static PatternPlan plan(long within, PlanStep... steps) {
    return new PatternPlan(List.of(steps), within, 0, 0, AfterMatch.SKIP_PAST_LAST, 4);
  }

  /** {@code "a1 b3"}: member 0 at 1, member 1 at 3; {@code ab5}: both on one event. */
  private static List<EpisodeUpdate> run(PatternPlan plan, String stream) {
    List<Match> matches = new ArrayList<>();
    int id = 0;
    for (String event : stream.split(" ")) {
      String members = event.replaceAll("[0-9]", "");
      long time = Long.parseLong(event.substring(members.length()));
      for (char member : members.toCharArray()) {
        matches.add(new Match(time, id, 0, member - 'a', new String[0], new String[0]));
      }
      id++;
    }
    return List.copyOf(new Replay(new SequenceMachine(plan)).inOrder(matches));
  }

  @Test
  void bothEndsOfWithinAreIncluded() {
    PatternPlan plan = plan(10, once(0), once(1));

    assertThat(run(plan, "a0 b10")).hasSize(1);
    assertThat(run(plan, "a0 b11")).isEmpty();
  }

  @Test
  void theNewestStartCounts() {
    EpisodeUpdate found = run(plan(10, once(0), once(1)), "a0 a8 b15").get(0);

    assertThat(found.firstMicros()).isEqualTo(8);
    assertThat(found.count()).isEqualTo(2);
  }

  @Test
  void oneEventIsNotTwoSteps() {
    assertThat(run(plan(10, once(0), once(1)), "ab1")).isEmpty();
    assertThat(run(plan(10, once(0), once(1)), "ab1 ab2")).hasSize(1);
  }

  @Test
  void equalTimesKeepTheOrderOfTheSteps() {
    assertThat(run(plan(10, once(0), once(1)), "b5 a5")).hasSize(1);
  }

  @Test
  void whatMustNotLieBetweenEndsWhatWaitsThere() {
    PatternPlan plan = plan(10, once(0), not(2), once(1));

    assertThat(run(plan, "a1 c2 b3")).isEmpty();
    assertThat(run(plan, "a1 c2 a3 b4")).hasSize(1);
    assertThat(run(plan, "c1 a2 b3 c4")).hasSize(1);
  }

  @Test
  void absenceFiresWhenTimeIsUp() {
    PatternPlan plan = plan(10, once(0), not(1));

    assertThat(run(plan, "a1").get(0).openMicros()).isEqualTo(11);
    assertThat(run(plan, "a1 b11")).isEmpty();
    assertThat(run(plan, "a1 b12")).hasSize(1);
    assertThat(run(plan, "a1 a5 a30"))
        .extracting(EpisodeUpdate::openMicros)
        .containsExactly(11L, 40L);
  }

  @Test
  void aRepeatedStepShowsAllItsEventsInTime() {
    PatternPlan plan = plan(10, step(false, new Times(3, Times.UNBOUNDED), NONE, 0), once(1));

    EpisodeUpdate found = run(plan, "a0 a5 a6 a7 a8 b12").get(0);

    assertThat(found.count()).isEqualTo(5);
    assertThat(found.findings())
        .extracting(f -> f.field() + "=" + f.value())
        .containsExactly("s0.count=4");
    assertThat(run(plan, "a5 a6 b12")).isEmpty();
  }

  @Test
  void aMatchUsesUpItsEvents() {
    assertThat(run(plan(100, once(0), once(1)), "a1 b2 b3")).hasSize(1);
  }

  @Test
  void allInAnyOrder() {
    PlanStep both =
        new PlanStep(
            "both",
            false,
            List.of(1L, 2L),
            Times.ONCE,
            false,
            Contiguity.FOLLOWED_BY,
            NONE,
            List.of());

    assertThat(run(plan(10, both), "b1 a2")).hasSize(1);
    assertThat(run(plan(10, both), "b1 b2")).isEmpty();
    assertThat(run(plan(10, both, once(2)), "b1 c2 a3 c4")).hasSize(1);
  }
}
