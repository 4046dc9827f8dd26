package dev.tidewatch.pattern.machines;

import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.Machine;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.Match;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine that sees events, not matches: an event on which several members fired comes once. The
 * matches of an instant are kept until it ends; its events come in the order of their lowest
 * members, then of their ids.
 */
public abstract class EventMachine<S extends EventState> implements Machine {
  private final Class<S> type;

  protected EventMachine(Class<S> type) {
    this.type = type;
  }

  protected abstract void onEvent(S state, PatternEvent event, Conditions conditions);

  /** When something is to happen without an event; {@code Long.MAX_VALUE}: never. */
  protected long timer(S state) {
    return Long.MAX_VALUE;
  }

  /** The timer's time has passed, and all events up to it. */
  protected void onTimer(S state, long timeMicros, Conditions conditions) {}

  @Override
  public final void onMatch(MachineState state, Match match, Conditions conditions) {
    type.cast(state).instant().add(match);
  }

  @Override
  public final long nextTime(MachineState state) {
    S its = type.cast(state);
    long timer = timer(its);
    return its.instant().isEmpty() ? timer : Math.min(timer, its.instant().get(0).timeMicros());
  }

  @Override
  public final void onTime(MachineState state, long timeMicros, Conditions conditions) {
    S its = type.cast(state);
    List<Match> instant = its.instant();
    if (!instant.isEmpty() && instant.get(0).timeMicros() <= timeMicros) {
      if (instant.size() == 1) {
        Match only = instant.get(0);
        instant.clear();
        onEvent(its, new PatternEvent(only), conditions);
      } else {
        List<PatternEvent> events = events(instant);
        instant.clear();
        events.forEach(event -> onEvent(its, event, conditions));
      }
    }
    if (timer(its) <= timeMicros) {
      onTimer(its, timeMicros, conditions);
    }
  }

  /** Matches come by member, then id, so the first of each event gives the order of events. */
  private static List<PatternEvent> events(List<Match> instant) {
    List<PatternEvent> events = new ArrayList<>(instant.size());
    for (Match match : instant) {
      int at = indexOf(events, match);
      if (at < 0) {
        events.add(new PatternEvent(match));
      } else {
        events.set(at, events.get(at).with(match));
      }
    }
    return events;
  }

  private static int indexOf(List<PatternEvent> events, Match match) {
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).isOf(match)) {
        return i;
      }
    }
    return -1;
  }
}
