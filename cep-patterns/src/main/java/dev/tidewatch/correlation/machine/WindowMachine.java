package dev.tidewatch.correlation.machine;

import dev.tidewatch.correlation.CorrelationPlan;
import dev.tidewatch.correlation.Windowing;
import dev.tidewatch.correlation.Windowing.Count;
import dev.tidewatch.correlation.Windowing.Session;
import dev.tidewatch.correlation.Windowing.Sliding;
import dev.tidewatch.correlation.Windowing.Tumbling;
import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.Machine;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.Match;
import java.util.List;

/**
 * Knows when windows begin and end, and when conditions are asked.
 *
 * <p>Decided at matches: what is too old for the match leaves, and if what is left does not hold,
 * an episode has ended; then the match is added and the condition is asked again. Decided at
 * closing: matches are added, and the condition is asked once, when the watermark has passed the
 * window's last instant. An empty window never holds.
 *
 * @param <S> what is kept of a window
 */
abstract class WindowMachine<S extends WindowState> implements Machine {
  final CorrelationPlan plan;
  private final Class<S> kind;
  private final Windowing windowing;
  private final long timespanMicros;
  private final boolean atClose;

  WindowMachine(CorrelationPlan plan, Class<S> kind) {
    this.plan = plan;
    this.kind = kind;
    this.windowing = plan.windowing();
    this.timespanMicros = windowing.timespanMicros();
    this.atClose = plan.decidedAtClose();
  }

  /** Whether the match takes part: it has the values that count. */
  abstract boolean takes(Match match);

  /** Forgets matches before {@code fromMicros}. */
  abstract void slide(S state, long fromMicros);

  abstract void add(S state, Match match, Conditions conditions);

  /** Whether the condition is true of a window that is not empty. */
  abstract boolean holds(S state);

  List<Conditions.Finding> findings(S state) {
    return List.of();
  }

  @Override
  public final void onMatch(MachineState state, Match match, Conditions conditions) {
    if (!takes(match)) {
      conditions.skipped(match);
      return;
    }
    S window = kind.cast(state);
    if (!atClose) {
      moveTo(match.timeMicros(), window);
      if (window.isEmpty() || !holds(window)) {
        conditions.fails();
      }
    }
    if (window.startMicros == WindowState.NEVER) {
      window.startMicros = match.timeMicros();
    }
    window.lastMicros = match.timeMicros();
    add(window, match, conditions);
    if (!atClose) {
      if (holds(window)) {
        conditions.holds(match, new View<>(this, window));
      } else {
        conditions.fails();
      }
    }
  }

  private void moveTo(long timeMicros, S window) {
    if (window.isEmpty()) {
      return;
    }
    if (windowing instanceof Sliding || windowing instanceof Count) {
      slide(window, Micros.before(timeMicros, timespanMicros));
    } else if (timeMicros > end(window)) {
      window.clear();
    }
  }

  /** Last instant of the window that is open; for sliding ones decided at matches, of its last. */
  private long end(S window) {
    if (windowing instanceof Tumbling tumbling) {
      return Micros.after(tumbling.number(window.lastMicros) * timespanMicros, timespanMicros - 1);
    }
    if (windowing instanceof Session session) {
      return Math.min(
          Micros.after(window.lastMicros, session.gapMicros()),
          Micros.after(window.startMicros, timespanMicros));
    }
    return Micros.after(atClose ? window.startMicros : window.lastMicros, timespanMicros);
  }

  @Override
  public final long nextTime(MachineState state) {
    S window = kind.cast(state);
    return atClose && !window.isEmpty() ? end(window) : Long.MAX_VALUE;
  }

  @Override
  public final void onTime(MachineState state, long timeMicros, Conditions conditions) {
    S window = kind.cast(state);
    if (holds(window)) {
      conditions.holdsAt(timeMicros, new View<>(this, window));
    } else {
      conditions.fails();
    }
    window.clear();
  }

  @Override
  public final long forgetAt(MachineState state) {
    S window = kind.cast(state);
    if (window.isEmpty()) {
      return Long.MIN_VALUE;
    }
    return atClose ? Long.MAX_VALUE : end(window);
  }

  /** A window as an episode asks for it. */
  private record View<S extends WindowState>(WindowMachine<S> machine, S state)
      implements Conditions.Window {
    @Override
    public long count() {
      return state.count();
    }

    @Override
    public long firstMicros() {
      return state.firstMicros();
    }

    @Override
    public List<EventRef> evidence(int cap) {
      return state.evidence(cap);
    }

    @Override
    public List<Conditions.Finding> findings() {
      return machine.findings(state);
    }
  }
}
