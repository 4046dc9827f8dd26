package dev.tidewatch.pattern;

import dev.tidewatch.pattern.plan.AfterMatch;
import dev.tidewatch.pattern.plan.Contiguity;
import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.pattern.plan.PlanStep;
import dev.tidewatch.pattern.plan.Times;
import dev.tidewatch.remember.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Plans that one partial a step can run, and streams with many ties. */
final class RandomSequences {
  private static final int MEMBERS = 5;
  private static final int UNTIL = 4;
  private static final long NONE = Long.MAX_VALUE;

  private RandomSequences() {}

  static PatternPlan plan(Random random) {
    long within = random.nextInt(5) == 0 ? NONE : 2 + random.nextInt(10);
    int positive = 1 + random.nextInt(3);
    List<PlanStep> steps = new ArrayList<>();
    for (int i = 0; i < positive; i++) {
      if (i > 0 && random.nextInt(3) == 0) {
        steps.add(not(random, NONE));
      }
      steps.add(step(random, i));
    }
    if (within != NONE && random.nextInt(4) == 0) {
      steps.add(not(random, random.nextBoolean() ? NONE : 1 + random.nextInt((int) within)));
    }
    long until = random.nextInt(4) == 0 ? 1L << UNTIL : 0;
    return new PatternPlan(steps, within, until, 0, AfterMatch.SKIP_PAST_LAST, MEMBERS);
  }

  private static PlanStep not(Random random, long within) {
    return step("not", true, List.of(body(random)), Times.ONCE, within);
  }

  private static PlanStep step(Random random, int index) {
    long within = index > 0 && random.nextInt(3) == 0 ? 1 + random.nextInt(4) : NONE;
    String name = "step" + index;
    return switch (random.nextInt(5)) {
      case 0 -> {
        List<Long> bodies = new ArrayList<>();
        for (int i = 2 + random.nextInt(2); i > 0; i--) {
          bodies.add(body(random));
        }
        yield step(name, false, bodies, Times.ONCE, within);
      }
      case 1 -> {
        int min = 1 + random.nextInt(3);
        int max = random.nextBoolean() ? Times.UNBOUNDED : min + random.nextInt(2);
        yield step(name, false, List.of(body(random)), new Times(min, max), within);
      }
      default -> step(name, false, List.of(body(random)), Times.ONCE, within);
    };
  }

  private static long body(Random random) {
    long body = 1L << random.nextInt(UNTIL);
    return random.nextInt(4) == 0 ? body | 1L << random.nextInt(UNTIL) : body;
  }

  private static PlanStep step(
      String name, boolean negative, List<Long> bodies, Times times, long within) {
    return new PlanStep(
        name, negative, bodies, times, false, Contiguity.FOLLOWED_BY, within, List.of());
  }

  /** In the order of arrival of their ids, which is not that of time. */
  static List<Match> matches(Random random, int events) {
    List<Match> matches = new ArrayList<>();
    long time = 100;
    for (int i = 0; i < events; i++) {
      time += random.nextInt(3);
      long id = random.nextInt(1 << 20);
      for (int member = 0; member < MEMBERS; member++) {
        if (random.nextInt(3) == 0 && (member != UNTIL || random.nextInt(3) == 0)) {
          matches.add(new Match(time, i, id, member, new String[0], new String[0]));
        }
      }
    }
    return matches;
  }
}
