package dev.tidewatch.pattern;

import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.pattern.plan.PlanStep;
import dev.tidewatch.remember.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Plain and slow: for each event in turn, tries every choice of earlier events that would make it
 * the last of a match.
 */
final class SequenceReference {
  private static final long NEVER = Long.MAX_VALUE;
  private static final long NONE = Long.MIN_VALUE;

  private record Event(long time, long mask, Match first) {}

  private final PatternPlan plan;
  private final List<PlanStep> steps;
  private final List<Event> events = new ArrayList<>();
  private int from;
  private int last;
  private long latestStart;

  SequenceReference(PatternPlan plan, List<Match> matches) {
    this.plan = plan;
    this.steps = plan.positive();
    List<Match> sorted = new ArrayList<>(matches);
    sorted.sort(
        Comparator.comparingLong(Match::timeMicros)
            .thenComparingLong(Match::eventIdHigh)
            .thenComparingInt(Match::member));
    Map<Long, Event> byId = new LinkedHashMap<>();
    for (Match match : sorted) {
      byId.merge(
          match.eventIdHigh(),
          new Event(match.timeMicros(), 1L << match.member(), match),
          (a, b) -> new Event(a.time, a.mask | b.mask, a.first));
    }
    events.addAll(byId.values());
    events.sort(Comparator.comparing(Event::first, Match.ORDER));
  }

  /** When matches end, and when the latest possible choice for each begins. */
  Map<Long, Long> episodes() {
    Map<Long, Long> episodes = new LinkedHashMap<>();
    long deadline = NEVER;
    long waitingFrom = NONE;
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      if (deadline < event.time) {
        episodes.putIfAbsent(deadline, waitingFrom);
        deadline = NEVER;
        from = i;
      }
      if ((event.mask & trailingNot()) != 0) {
        deadline = NEVER;
      }
      long start = startOfMatchEndingAt(i);
      if (start != NONE && !plan.isAbsence()) {
        episodes.putIfAbsent(event.time, start);
        from = i + 1;
      } else if (start != NONE && deadline == NEVER) {
        deadline = deadline(start, event.time);
        waitingFrom = start;
      }
      if ((event.mask & plan.untilMask()) != 0) {
        deadline = NEVER;
        from = i + 1;
      }
    }
    if (deadline != NEVER) {
      episodes.putIfAbsent(deadline, waitingFrom);
    }
    return episodes;
  }

  private long trailingNot() {
    PlanStep end = plan.steps().get(plan.steps().size() - 1);
    return end.negative() ? end.mask() : 0;
  }

  private long deadline(long start, long time) {
    long own = plan.steps().get(plan.steps().size() - 1).withinMicros();
    long whole = start + plan.withinMicros();
    return own == NEVER ? whole : Math.min(whole, time + own);
  }

  private long startOfMatchEndingAt(int index) {
    last = index;
    latestStart = NONE;
    step(0, -1, NONE);
    return latestStart;
  }

  /** Tries step {@code k} after event {@code previous}, the last that the steps before took. */
  private void step(int k, int previous, long start) {
    if (k == steps.size()) {
      if (previous == last && events.get(last).time - start <= plan.withinMicros()) {
        latestStart = Math.max(latestStart, start);
      }
      return;
    }
    PlanStep step = steps.get(k);
    if (step.isConjunction()) {
      all(k, previous, previous, start, (1 << step.bodies().size()) - 1);
    } else {
      // More than one beyond the fewest adds nothing: those between can be left out.
      int most = Math.min(step.times().max(), step.times().min() + 1);
      for (int times = step.times().min(); times <= most; times++) {
        repeat(k, previous, previous, start, times);
      }
    }
  }

  private void repeat(int k, int anchor, int previous, long start, int left) {
    if (left == 0) {
      step(k + 1, previous, start);
      return;
    }
    PlanStep step = steps.get(k);
    boolean first = anchor == previous;
    for (int i = Math.max(previous + 1, from); i <= last; i++) {
      if ((events.get(i).mask & step.mask()) != 0 && (!first || mayFollow(k, anchor, i, true))) {
        repeat(k, anchor, i, k == 0 && first ? events.get(i).time : start, left - 1);
      }
    }
  }

  private void all(int k, int anchor, int previous, long start, int missing) {
    if (missing == 0) {
      step(k + 1, previous, start);
      return;
    }
    List<Long> bodies = steps.get(k).bodies();
    boolean first = anchor == previous;
    for (int i = Math.max(previous + 1, from); i <= last; i++) {
      if (!mayFollow(k, anchor, i, first)) {
        continue;
      }
      for (int body = 0; body < bodies.size(); body++) {
        if ((missing >>> body & 1) != 0 && (events.get(i).mask & bodies.get(body)) != 0) {
          long began = k == 0 && first ? events.get(i).time : start;
          all(k, anchor, i, began, missing & ~(1 << body));
        }
      }
    }
  }

  /** In time after the step before, and nothing between that must not be. */
  private boolean mayFollow(int k, int anchor, int index, boolean first) {
    if (k == 0) {
      return true;
    }
    boolean soon =
        steps.get(k).withinMicros() == NEVER
            || events.get(index).time - events.get(anchor).time <= steps.get(k).withinMicros();
    if (!soon || !first) {
      return soon;
    }
    long not = notBefore(k);
    for (int i = anchor + 1; i <= index; i++) {
      if ((events.get(i).mask & not) != 0) {
        return false;
      }
    }
    return true;
  }

  private long notBefore(int k) {
    long not = 0;
    int positive = 0;
    for (PlanStep step : plan.steps()) {
      if (step.negative() && positive == k) {
        not |= step.mask();
      }
      positive += step.negative() ? 0 : 1;
    }
    return not;
  }
}
