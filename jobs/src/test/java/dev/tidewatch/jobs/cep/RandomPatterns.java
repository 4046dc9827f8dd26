package dev.tidewatch.jobs.cep;

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
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Plans with everything that the NFA is for, and streams for them. */
final class RandomPatterns {
  static final int MEMBERS = 4;
  private static final long NONE = Long.MAX_VALUE;
  private static final List<Integer> FIRST_FIELD = Collections.nCopies(MEMBERS, 0);

  private RandomPatterns() {}

  static PatternPlan plan(Random random) {
    long within = 3 + random.nextInt(10);
    int positive = 2 + random.nextInt(2);
    List<PlanStep> steps = new ArrayList<>();
    for (int i = 0; i < positive; i++) {
      boolean inside = i > 0 && i < positive - 1;
      boolean afterOptional = i > 0 && steps.get(steps.size() - 1).times().isOptional();
      if (i > 0 && !afterOptional && random.nextInt(4) == 0) {
        steps.add(not(random, steps));
      }
      steps.add(step(random, steps, inside));
    }
    if (random.nextInt(5) == 0) {
      // With a within of its own Flink's operator tells it late, at the next event.
      steps.add(not(random, steps));
    }
    AfterMatch[] policies = AfterMatch.values();
    return new PatternPlan(steps, within, 0, 0, policies[random.nextInt(policies.length)], MEMBERS);
  }

  private static PlanStep not(Random random, List<PlanStep> before) {
    List<Comparison> where = random.nextInt(3) == 0 ? where(random, before) : List.of();
    return new PlanStep(
        "not", true, List.of(body(random)), Times.ONCE, false, Contiguity.FOLLOWED_BY, NONE, where);
  }

  private static PlanStep step(Random random, List<PlanStep> before, boolean inside) {
    List<Long> bodies = new ArrayList<>(List.of(body(random)));
    Times times =
        switch (random.nextInt(6)) {
          case 0 -> new Times(2, 2);
          case 1 -> new Times(1 + random.nextInt(2), Times.UNBOUNDED);
          case 2 -> new Times(1, 3);
          case 3 -> inside ? new Times(0, 1) : Times.ONCE;
          default -> Times.ONCE;
        };
    if (times.isOnce() && random.nextInt(5) == 0) {
      bodies.add(body(random));
    }
    boolean reluctant = times.max() > times.min() && times.max() > 1 && random.nextBoolean();
    Contiguity contiguity = Contiguity.values()[random.nextInt(3)];
    boolean alone = before.isEmpty() && times.isOnce() && bodies.size() == 1;
    return new PlanStep(
        "step" + before.size(),
        false,
        bodies,
        times,
        reluctant,
        alone ? Contiguity.FOLLOWED_BY : contiguity,
        !before.isEmpty() && random.nextInt(4) == 0 ? 1 + random.nextInt(4) : NONE,
        random.nextInt(2) == 0 ? where(random, before) : List.of());
  }

  /** Comparisons with a step before that must happen. */
  private static List<Comparison> where(Random random, List<PlanStep> before) {
    List<Integer> steps = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      if (!before.get(i).negative()) {
        steps.add(i);
      }
    }
    if (steps.isEmpty()) {
      return List.of();
    }
    int step = steps.get(random.nextInt(steps.size()));
    if (random.nextInt(4) == 0) {
      return List.of(
          new Comparison(
              new Operand.Count(step), Operator.AT_LEAST, new Operand.Literal("2"), "count >= 2"));
    }
    Operator[] some = {Operator.EQUAL, Operator.NOT_EQUAL, Operator.AT_LEAST, Operator.LESS};
    Which which = Which.values()[random.nextInt(3)];
    return List.of(
        new Comparison(
            new Operand.Own("f", FIRST_FIELD),
            some[random.nextInt(some.length)],
            new Operand.OfStep(step, which, "f", FIRST_FIELD),
            "f op step.f"));
  }

  private static long body(Random random) {
    long body = 1L << random.nextInt(MEMBERS);
    return random.nextInt(4) == 0 ? body | 1L << random.nextInt(MEMBERS) : body;
  }

  /** By {@link Match#ORDER}. */
  static List<Match> matches(Random random, int events) {
    List<Match> matches = new ArrayList<>();
    long time = 100;
    for (int i = 0; i < events; i++) {
      time += random.nextInt(3);
      String[] fields = {random.nextInt(6) == 0 ? null : Integer.toString(random.nextInt(3))};
      for (int member = 0; member < MEMBERS; member++) {
        if (random.nextInt(3) == 0) {
          matches.add(new Match(time, i, 0, member, fields, new String[0]));
        }
      }
    }
    matches.sort(Match.ORDER);
    return matches;
  }
}
