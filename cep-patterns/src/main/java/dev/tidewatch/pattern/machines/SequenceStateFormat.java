package dev.tidewatch.pattern.machines;

import dev.tidewatch.pattern.machines.SequenceState.Run;
import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.MachineStateFormat;
import dev.tidewatch.remember.StateText;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@link SequenceState}s. */
public final class SequenceStateFormat implements MachineStateFormat {
  private static final int MAX_NODES = 4_096;

  @Override
  public int id() {
    return SequenceState.FORMAT;
  }

  @Override
  public int version() {
    return 1;
  }

  static void writeLink(Link link, Map<Link, Integer> numbers, DataOutput out) throws IOException {
    out.writeLong(link.event.timeMicros());
    out.writeLong(link.event.eventIdHigh());
    out.writeLong(link.event.eventIdLow());
    out.writeInt(link.event.member());
    out.writeInt(link.step);
    out.writeInt(link.base == null ? -1 : numbers.getOrDefault(link.base, -1));
    out.writeInt(link.previous == null ? -1 : numbers.getOrDefault(link.previous, -1));
    out.writeLong(link.startMicros);
    out.writeLong(link.anchorMicros);
    out.writeInt(link.order);
  }

  @Override
  public MachineState read(DataInput in, int version) throws IOException {
    SequenceState header = new SequenceState(new Link[0][], new Run[0]);
    header.readInstant(in);
    long lastMicros = in.readLong();
    Link[] links = readLinks(in);
    int steps = bounded(in.readInt());
    @Nullable Link[][] partials = new @Nullable Link[steps][];
    for (int i = 0; i < steps; i++) {
      partials[i] = new @Nullable Link[bounded(in.readInt())];
      for (int j = 0; j < partials[i].length; j++) {
        partials[i][j] = link(links, in.readInt());
      }
    }
    @Nullable Run[] runs = new @Nullable Run[steps];
    for (int i = 0; i < steps; i++) {
      runs[i] = in.readBoolean() ? readRun(links, in) : null;
    }
    SequenceState state = new SequenceState(partials, runs);
    state.instant().addAll(header.instant());
    state.lastMicros = lastMicros;
    state.waiting = link(links, in.readInt());
    state.deadlineMicros = in.readLong();
    state.entities = new String[bounded(in.readInt())];
    for (int i = 0; i < state.entities.length; i++) {
      state.entities[i] = StateText.read(in);
    }
    state.order = in.readInt();
    return state;
  }

  private static Link[] readLinks(DataInput in) throws IOException {
    Link[] links = new Link[in.readInt()];
    for (int i = 0; i < links.length; i++) {
      EventRef event = new EventRef(in.readLong(), in.readLong(), in.readLong(), in.readInt());
      int step = in.readInt();
      Link base = link(links, in.readInt());
      Link previous = link(links, in.readInt());
      links[i] = new Link(event, step, base, previous, in.readLong(), in.readLong(), in.readInt());
    }
    return links;
  }

  private static Run readRun(Link[] links, DataInput in) throws IOException {
    Run run = new Run();
    run.newest = link(links, in.readInt());
    run.length = in.readInt();
    run.trimAt = in.readInt();
    run.broken = in.readBoolean();
    return run;
  }

  private static @Nullable Link link(Link[] links, int number) {
    return number < 0 ? null : links[number];
  }

  private static int bounded(int number) throws IOException {
    if (number < 0 || number > MAX_NODES) {
      throw new IOException("no state of a sequence: " + number + " parts");
    }
    return number;
  }
}
