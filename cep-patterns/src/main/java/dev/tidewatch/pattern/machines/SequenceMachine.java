package dev.tidewatch.pattern.machines;

import dev.tidewatch.pattern.machines.SequenceState.Run;
import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.pattern.plan.PlanStep;
import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.Match;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Steps one after the other, with one partial match for each: O(1) for an event.
 *
 * <p>A partial that has reached a step is replaced by the next one that does. The newer one began
 * no earlier (by induction over the steps) and reached the step later, so whatever could still
 * complete the older within its bounds completes the newer: a match exists if and only if the
 * newest partial completes. What must not happen between two steps removes the partial that waits
 * there, and every older one with it. Of a conjunction there is a partial for each set of its
 * bodies, the one that began last; of a repeated step a chain of its events, of which the newest
 * {@code min} count.
 *
 * <p>Events of a match are each step's newest; of a step that may happen more often, those before
 * them that lie within the pattern's time too, {@value #MAX_RUN} at most.
 */
public final class SequenceMachine extends EventMachine<SequenceState> {
  static final int MAX_RUN = 1_000;

  private final PatternPlan plan;
  private final PlanStep[] steps;
  private final long[] masks;

  /** What must not happen before the step; after the last one at the end. */
  private final long[] nots;

  private final long withinMicros;
  private final long absenceMicros;

  public SequenceMachine(PatternPlan plan) {
    super(SequenceState.class);
    this.plan = plan;
    this.steps = plan.positive().toArray(PlanStep[]::new);
    this.masks = plan.positive().stream().mapToLong(PlanStep::mask).toArray();
    this.nots = nots(plan.steps(), steps.length);
    this.withinMicros = plan.withinMicros();
    this.absenceMicros = absence(plan.steps());
  }

  private static long[] nots(List<PlanStep> steps, int positive) {
    long[] nots = new long[positive + 1];
    int at = 0;
    for (PlanStep step : steps) {
      if (step.negative()) {
        nots[at] |= step.mask();
      } else {
        at++;
      }
    }
    return nots;
  }

  /** How long what must not happen at last is waited for. */
  private static long absence(List<PlanStep> steps) {
    long shortest = Long.MAX_VALUE;
    for (int i = steps.size() - 1; i >= 0 && steps.get(i).negative(); i--) {
      shortest = Math.min(shortest, steps.get(i).withinMicros());
    }
    return shortest;
  }

  @Override
  public MachineState newState() {
    @Nullable Link[][] partials = new @Nullable Link[steps.length][];
    @Nullable Run[] runs = new @Nullable Run[steps.length];
    for (int k = 0; k < steps.length; k++) {
      boolean repeated = !steps[k].times().isOnce();
      partials[k] = new @Nullable Link[repeated ? 0 : partials(k)];
      runs[k] = repeated ? new Run() : null;
    }
    return new SequenceState(partials, runs);
  }

  private int partials(int k) {
    if (steps[k].isConjunction()) {
      return 1 << steps[k].bodies().size();
    }
    return k == steps.length - 1 ? 0 : 1;
  }

  @Override
  protected void onEvent(SequenceState state, PatternEvent event, Conditions conditions) {
    long mask = event.mask();
    if ((mask & nots[steps.length]) != 0) {
      state.waiting = null;
      state.deadlineMicros = Long.MAX_VALUE;
    }
    boolean completed = false;
    // From the last step down: an event takes part in a match once.
    for (int k = steps.length - 1; k >= 0 && !completed; k--) {
      if (k > 0 && (mask & nots[k]) != 0) {
        breakAfter(state, k - 1);
      }
      if ((mask & masks[k]) != 0) {
        Link done = take(state, k, event);
        completed = done != null && complete(state, done, event, conditions);
      }
    }
    if ((mask & plan.untilMask()) != 0) {
      state.clear();
    }
  }

  private void breakAfter(SequenceState state, int k) {
    Run run = state.runs[k];
    if (run != null) {
      run.broken = true;
    } else {
      @Nullable Link[] ofStep = state.partials[k];
      ofStep[ofStep.length - 1] = null;
    }
  }

  /**
   * Has step {@code k} take the event where it can.
   *
   * @return the last link of a match of the whole pattern
   */
  private @Nullable Link take(SequenceState state, int k, PatternEvent event) {
    Link base = k == 0 ? null : reached(state, k - 1, event.timeMicros(), steps[k].withinMicros());
    Run run = state.runs[k];
    if (run != null) {
      return takeRun(state, run, k, base, event);
    }
    if (steps[k].isConjunction()) {
      return takeOneOfAll(state, k, base, event);
    }
    if (k > 0 && base == null) {
      return null;
    }
    Link link = link(state, k, base, startAt(state, k - 1), event, masks[k]);
    if (k == steps.length - 1) {
      return link;
    }
    state.partials[k][0] = link;
    return null;
  }

  private Link link(
      SequenceState state,
      int k,
      @Nullable Link base,
      long start,
      PatternEvent event,
      long members) {
    long time = event.timeMicros();
    state.lastMicros = time;
    return new Link(
        event.ref(members),
        k,
        base,
        null,
        base == null ? time : start,
        base == null ? Long.MIN_VALUE : base.event.timeMicros(),
        state.order++);
  }

  /** The partial that has reached step {@code k} and can go on at {@code time}. */
  private @Nullable Link reached(SequenceState state, int k, long time, long stepWithin) {
    Link last = reached(state, k);
    return last != null
            && fits(startAt(state, k), time, withinMicros)
            && fits(last.event.timeMicros(), time, stepWithin)
        ? last
        : null;
  }

  private @Nullable Link reached(SequenceState state, int k) {
    Run run = state.runs[k];
    if (run == null) {
      @Nullable Link[] ofStep = state.partials[k];
      return ofStep[ofStep.length - 1];
    }
    return run.broken || earliestCounted(run, k) == null ? null : run.newest;
  }

  /** When the partial that has reached step {@code k} began; there is one. */
  private long startAt(SequenceState state, int k) {
    if (k < 0) {
      return Long.MIN_VALUE;
    }
    Run run = state.runs[k];
    Link link = run == null ? reached(state, k) : earliestCounted(run, k);
    return link == null ? Long.MIN_VALUE : link.startMicros;
  }

  /** The newest event at which the step can have begun to be done by now. */
  private @Nullable Link earliestCounted(Run run, int k) {
    Link link = run.newest;
    for (int left = steps[k].times().min() - 1; left > 0 && link != null; left--) {
      link = link.previous;
    }
    while (link != null && k > 0 && link.base == null) {
      link = link.previous;
    }
    return link;
  }

  static boolean fits(long from, long to, long within) {
    return within == Long.MAX_VALUE || to - from <= within;
  }

  private @Nullable Link takeRun(
      SequenceState state, Run run, int k, @Nullable Link base, PatternEvent event) {
    if (k > 0 && base == null && run.newest == null) {
      return null;
    }
    Link link = link(state, k, base, startAt(state, k - 1), event, masks[k]);
    link.previous = run.newest;
    run.newest = link;
    run.broken = false;
    if (++run.length >= run.trimAt) {
      trim(run, steps[k].times().min(), event.timeMicros());
    }
    return k == steps.length - 1 ? reached(state, k, event.timeMicros(), Long.MAX_VALUE) : null;
  }

  /** Cuts off what lies before the pattern's time or is more than is counted. */
  private void trim(Run run, int min, long now) {
    int kept = 0;
    Link link = run.newest;
    Link last = null;
    int most = Math.max(min, MAX_RUN);
    while (link != null && kept < most && fits(link.event.timeMicros(), now, withinMicros)) {
      kept++;
      last = link;
      link = link.previous;
    }
    if (last != null) {
      last.previous = null;
    }
    run.length = kept;
    run.trimAt = Math.max(16, 2 * kept);
  }

  private @Nullable Link takeOneOfAll(
      SequenceState state, int k, @Nullable Link base, PatternEvent event) {
    List<Long> bodies = steps[k].bodies();
    @Nullable Link[] partials = state.partials[k];
    int full = partials.length - 1;
    Link done = null;
    // Larger sets first: they build on smaller ones as these were before the event.
    for (int set = full; set > 0; set--) {
      Link best = null;
      for (int body = 0; body < bodies.size(); body++) {
        if ((set >>> body & 1) != 0 && (event.mask() & bodies.get(body)) != 0) {
          best = later(best, extend(state, k, base, set & ~(1 << body), event, bodies.get(body)));
        }
      }
      if (best != null && set == full && k == steps.length - 1) {
        done = best;
      } else if (best != null) {
        partials[set] = best;
      }
    }
    return done;
  }

  private static @Nullable Link later(@Nullable Link a, @Nullable Link b) {
    return a == null || b != null && b.startMicros > a.startMicros ? b : a;
  }

  private @Nullable Link extend(
      SequenceState state, int k, @Nullable Link base, int from, PatternEvent event, long members) {
    if (from == 0) {
      return k > 0 && base == null
          ? null
          : link(state, k, base, startAt(state, k - 1), event, members);
    }
    Link before = state.partials[k][from];
    long time = event.timeMicros();
    if (before == null
        || !fits(before.startMicros, time, withinMicros)
        || k > 0 && !fits(before.anchorMicros, time, steps[k].withinMicros())) {
      return null;
    }
    state.lastMicros = time;
    return new Link(
        event.ref(members),
        k,
        before,
        null,
        before.startMicros,
        before.anchorMicros,
        state.order++);
  }

  /**
   * @return whether the next match has to begin after this event
   */
  private boolean complete(
      SequenceState state, Link done, PatternEvent event, Conditions conditions) {
    Match match = event.match(masks[steps.length - 1]);
    if (!plan.isAbsence()) {
      conditions.holds(match, window(done, event.timeMicros()));
      conditions.fails();
      state.clear();
      return true;
    }
    if (state.waiting == null) {
      state.waiting = done;
      state.entities = match.entities();
      long whole =
          withinMicros == Long.MAX_VALUE ? withinMicros : start(state, done) + withinMicros;
      long own =
          absenceMicros == Long.MAX_VALUE ? absenceMicros : event.timeMicros() + absenceMicros;
      state.deadlineMicros = Math.min(whole, own);
    }
    return false;
  }

  private long start(SequenceState state, Link done) {
    Run run = state.runs[steps.length - 1];
    return run == null ? done.startMicros : startAt(state, steps.length - 1);
  }

  @Override
  protected long timer(SequenceState state) {
    return state.deadlineMicros;
  }

  @Override
  protected void onTimer(SequenceState state, long timeMicros, Conditions conditions) {
    Link done = state.waiting;
    if (done != null) {
      String[] entities = state.entities;
      conditions.holdsAt(timeMicros, window(done, done.event.timeMicros(), entities));
    }
    state.clear();
  }

  private ChainWindow window(Link done, long time, String... entities) {
    return new ChainWindow(steps, withinMicros, done, time, entities);
  }

  @Override
  public long forgetAt(MachineState state) {
    SequenceState its = (SequenceState) state;
    if (!its.instant().isEmpty()) {
      return Long.MAX_VALUE;
    }
    if (its.isEmpty()) {
      return Long.MIN_VALUE;
    }
    // Nothing that is under way began after the last event it took.
    return withinMicros == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : Math.max(
            its.lastMicros + withinMicros,
            its.waiting == null ? Long.MIN_VALUE : its.deadlineMicros);
  }
}
