package dev.tidewatch.jobs.remember;

import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.Machine;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.Match;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** At least so many matches in a window: small enough to be plainly right. */
record BurstMachine(int threshold, long windowMicros) implements Machine {
  static final class State implements MachineState {
    final List<EventRef> events = new ArrayList<>();

    @Override
    public int format() {
      return BurstStateFormat.ID;
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeInt(events.size());
      for (EventRef event : events) {
        out.writeLong(event.timeMicros());
        out.writeLong(event.eventIdHigh());
        out.writeLong(event.eventIdLow());
        out.writeInt(event.member());
      }
    }

    @Override
    public long sizeBytes() {
      return 16 + 40L * events.size();
    }
  }

  private record BurstWindow(List<EventRef> events) implements Conditions.Window {
    @Override
    public long count() {
      return events.size();
    }

    @Override
    public long firstMicros() {
      return events.get(0).timeMicros();
    }

    @Override
    public List<EventRef> evidence(int cap) {
      return events.subList(Math.max(0, events.size() - cap), events.size());
    }
  }

  @Override
  public MachineState newState() {
    return new State();
  }

  @Override
  public void onMatch(MachineState state, Match match, Conditions conditions) {
    if (match.entities().length > 0 && match.entities()[0].equals("poison")) {
      throw new IllegalStateException("poisoned");
    }
    List<EventRef> events = ((State) state).events;
    events.removeIf(event -> event.timeMicros() < match.timeMicros() - windowMicros);
    if (events.size() < threshold) {
      conditions.fails();
    }
    events.add(EventRef.of(match));
    if (events.size() >= threshold) {
      conditions.holds(match, new BurstWindow(events));
    }
  }

  @Override
  public long forgetAt(MachineState state) {
    List<EventRef> events = ((State) state).events;
    return events.isEmpty()
        ? Long.MIN_VALUE
        : events.get(events.size() - 1).timeMicros() + windowMicros;
  }
}
