package dev.tidewatch.jobs.cep;

import dev.tidewatch.pattern.machines.EventMachine;
import dev.tidewatch.pattern.machines.PatternEvent;
import dev.tidewatch.pattern.plan.AfterMatch;
import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.MachineState;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.flink.cep.configuration.SharedBufferCacheConfig;
import org.apache.flink.cep.nfa.ComputationState;
import org.apache.flink.cep.nfa.NFA;
import org.apache.flink.cep.nfa.NFAState;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.nfa.compiler.NFACompiler;
import org.apache.flink.cep.nfa.sharedbuffer.EventId;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBuffer;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBufferAccessor;
import org.apache.flink.cep.time.TimerService;

/**
 * Runs a plan on Flink's NFA. One NFA and one shared buffer for all groups: before a group's turn
 * its maps are shown to the buffer, and each accessor is closed (which empties the buffer's cache
 * into them) before the next one's. Belongs to one thread.
 *
 * <p>The NFA is asked for all matches, and the after-match policy is kept here: a match is told at
 * the event that completes it. Of several that one event completes, the one that began first is
 * told first, of those the one with the most events.
 */
final class NfaMachine extends EventMachine<NfaGroupState> {
  /** More partial matches of one group than this, and the oldest are given up, aloud. */
  static final int MAX_PARTIALS = 1_000;

  private static final int CACHE_SLOTS = 4_096;
  private static final AfterMatchSkipStrategy ALL = AfterMatchSkipStrategy.noSkip();
  private static final TimerService NO_CLOCK =
      () -> {
        throw new UnsupportedOperationException("patterns know event time only");
      };

  private final PatternPlan plan;
  private final NFA<PatternEvent> nfa;
  private final GroupStore store = new GroupStore();
  private final SharedBuffer<PatternEvent> buffer;
  private final long startMask;
  private final long mask;

  NfaMachine(PatternPlan plan) {
    super(NfaGroupState.class);
    this.plan = plan;
    this.nfa = compile(plan);
    this.buffer =
        new SharedBuffer<>(
            store,
            PatternEventSerializer.INSTANCE,
            new SharedBufferCacheConfig(CACHE_SLOTS, CACHE_SLOTS, Duration.ofDays(1)));
    buffer.releaseCacheStatisticsTimer();
    this.startMask = plan.steps().get(0).mask();
    this.mask =
        plan.steps().stream()
            .mapToLong(step -> step.mask())
            .reduce(plan.scopeMask(), (a, b) -> a | b);
  }

  @SuppressWarnings("unchecked") // a pattern over events gives an NFA over events
  private static NFA<PatternEvent> compile(PatternPlan plan) {
    return (NFA<PatternEvent>) NFACompiler.compileFactory(FlinkPattern.of(plan), false).createNFA();
  }

  @Override
  public MachineState newState() {
    return new NfaGroupState();
  }

  @Override
  protected void onEvent(NfaGroupState state, PatternEvent event, Conditions conditions) {
    boolean begins = (event.mask() & startMask) != 0;
    boolean goesOn = state.states != null && (event.mask() & mask) != 0;
    if (begins || goesOn) {
      try {
        process(state, event, conditions);
      } catch (Exception e) {
        throw new IllegalStateException("Flink's NFA failed at " + event, e);
      }
    }
    if ((event.mask() & plan.untilMask()) != 0) {
      state.clear();
    }
  }

  private void process(NfaGroupState state, PatternEvent event, Conditions conditions)
      throws Exception {
    store.show(state);
    NFAState states = state.states == null ? nfa.createInitialNFAState() : state.states;
    state.states = states;
    long time = event.timeMicros();
    boolean usedUp;
    try (SharedBufferAccessor<PatternEvent> accessor = buffer.getAccessor()) {
      nfa.advanceTime(accessor, states, time, ALL);
      List<StageWindow> matches =
          StageWindow.inOrder(plan, nfa.process(accessor, states, event, time, ALL, NO_CLOCK));
      usedUp =
          tell(
              matches,
              accessor,
              states,
              match -> {
                conditions.holds(event.matches()[0], match);
                conditions.fails();
              });
      bound(accessor, states, conditions);
    }
    forgetIfIdle(state, usedUp);
  }

  /**
   * Tells of matches that came at one instant, as far as the after-match policy lets them be.
   *
   * @return whether all that is under way is used up
   */
  private boolean tell(
      List<StageWindow> matches,
      SharedBufferAccessor<PatternEvent> accessor,
      NFAState states,
      Consumer<StageWindow> teller)
      throws Exception {
    switch (plan.afterMatch()) {
      case SKIP_PAST_LAST -> matches.stream().limit(1).forEach(teller);
      case NO_SKIP -> matches.forEach(teller);
      case SKIP_TO_NEXT -> {
        Set<PatternEvent> begun = new HashSet<>();
        matches.stream().filter(match -> begun.add(match.first())).forEach(teller);
        release(accessor, states, begun);
      }
    }
    return plan.afterMatch() == AfterMatch.SKIP_PAST_LAST && !matches.isEmpty();
  }

  /** Drops partial matches that began with one of the events. */
  private static void release(
      SharedBufferAccessor<PatternEvent> accessor, NFAState states, Set<PatternEvent> begun)
      throws Exception {
    if (begun.isEmpty()) {
      return;
    }
    for (ComputationState partial : List.copyOf(states.getPartialMatches())) {
      EventId start = partial.getStartEventID();
      if (start != null && begun.contains(event(accessor, start))) {
        states.getPartialMatches().remove(partial);
        accessor.releaseNode(partial.getPreviousBufferEntry(), partial.getVersion());
      }
    }
  }

  private static PatternEvent event(SharedBufferAccessor<PatternEvent> accessor, EventId id) {
    return accessor.materializeMatch(Map.of("", List.of(id))).values().iterator().next().get(0);
  }

  private void bound(
      SharedBufferAccessor<PatternEvent> accessor, NFAState states, Conditions conditions)
      throws Exception {
    Queue<ComputationState> partial = states.getPartialMatches();
    if (partial.size() <= MAX_PARTIALS) {
      return;
    }
    conditions.overflow(MAX_PARTIALS + " partial matches a group");
    while (partial.size() > MAX_PARTIALS) {
      ComputationState oldest = partial.remove();
      accessor.releaseNode(oldest.getPreviousBufferEntry(), oldest.getVersion());
    }
  }

  /** Only the state that waits for a first event is left: as good as none. */
  private static void forgetIfIdle(NfaGroupState state, boolean usedUp) {
    NFAState states = state.states;
    if (usedUp
        || states != null
            && states.getPartialMatches().stream().allMatch(s -> s.getStartEventID() == null)) {
      state.clear();
    }
  }

  @Override
  protected long timer(NfaGroupState state) {
    return plan.isAbsence() ? firstTimeout(state) : Long.MAX_VALUE;
  }

  private long firstTimeout(NfaGroupState state) {
    long first = Long.MAX_VALUE;
    if (state.states != null) {
      for (ComputationState partial : state.states.getPartialMatches()) {
        if (partial.getStartEventID() != null) {
          first = Math.min(first, timeout(partial));
        }
      }
    }
    return first;
  }

  private long timeout(ComputationState partial) {
    long whole =
        plan.withinMicros() == Long.MAX_VALUE
            ? Long.MAX_VALUE
            : partial.getStartTimestamp() + plan.withinMicros();
    int last = plan.steps().size() - 1;
    long own = plan.steps().get(last).withinMicros();
    boolean waits = partial.getCurrentStateName().startsWith(FlinkPattern.stage(last));
    return own == Long.MAX_VALUE || !waits
        ? whole
        : Math.min(whole, partial.getPreviousTimestamp() + own);
  }

  @Override
  protected void onTimer(NfaGroupState state, long timeMicros, Conditions conditions) {
    NFAState states = state.states;
    if (states == null) {
      return;
    }
    store.show(state);
    boolean usedUp;
    try (SharedBufferAccessor<PatternEvent> accessor = buffer.getAccessor()) {
      // Flink's windows leave out their end: all up to this instant has been seen.
      List<StageWindow> matches =
          StageWindow.inOrder(plan, nfa.advanceTime(accessor, states, timeMicros + 1, ALL).f0);
      usedUp = tell(matches, accessor, states, match -> conditions.holdsAt(timeMicros, match));
    } catch (Exception e) {
      throw new IllegalStateException("Flink's NFA failed at " + timeMicros, e);
    }
    forgetIfIdle(state, usedUp);
  }

  @Override
  public long forgetAt(MachineState state) {
    NfaGroupState its = (NfaGroupState) state;
    if (!its.instant().isEmpty()) {
      return Long.MAX_VALUE;
    }
    if (its.states == null) {
      return Long.MIN_VALUE;
    }
    if (plan.withinMicros() == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    long last = Long.MIN_VALUE;
    for (ComputationState partial : its.states.getPartialMatches()) {
      if (partial.getStartEventID() != null) {
        last = Math.max(last, partial.getStartTimestamp() + plan.withinMicros());
      }
    }
    return last;
  }
}
