package dev.tidewatch.pattern.machines;

import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link SequenceMachine} keeps of a group. */
final class SequenceState extends EventState {
  static final int FORMAT = 100;

  /** The events of a repeated step, newest first. */
  static final class Run {
    @Nullable Link newest;
    int length;
    int trimAt = 16;

    /** What must not happen has happened since the newest. */
    boolean broken;
  }

  /**
   * By step, then by what of it is done: a step of one event has one partial at 0; a conjunction
   * has one for each set of bodies.
   */
  final @Nullable Link[][] partials;

  /** By step; only repeated ones have one. */
  final @Nullable Run[] runs;

  /** Something must not happen after it until {@link #deadlineMicros}. */
  @Nullable Link waiting;

  long deadlineMicros = Long.MAX_VALUE;
  String[] entities = {};
  long lastMicros = Long.MIN_VALUE;
  int order;

  SequenceState(@Nullable Link[][] partials, @Nullable Run[] runs) {
    this.partials = partials;
    this.runs = runs;
  }

  /** Forgets what is under way. */
  void clear() {
    for (@Nullable Link[] ofStep : partials) {
      java.util.Arrays.fill(ofStep, null);
    }
    for (Run run : runs) {
      if (run != null) {
        run.newest = null;
        run.length = 0;
        run.trimAt = 16;
        run.broken = false;
      }
    }
    waiting = null;
    deadlineMicros = Long.MAX_VALUE;
    entities = new String[0];
    order = 0;
  }

  boolean isEmpty() {
    return waiting == null && roots(new ArrayDeque<>()).isEmpty();
  }

  private Deque<Link> roots(Deque<Link> into) {
    for (@Nullable Link[] ofStep : partials) {
      for (Link link : ofStep) {
        if (link != null) {
          into.add(link);
        }
      }
    }
    for (Run run : runs) {
      if (run != null && run.newest != null) {
        into.add(run.newest);
      }
    }
    if (waiting != null) {
      into.add(waiting);
    }
    return into;
  }

  @Override
  public int format() {
    return FORMAT;
  }

  @Override
  public long sizeBytes() {
    long links = waiting == null ? 0 : 1;
    for (@Nullable Link[] ofStep : partials) {
      links += ofStep.length;
    }
    for (Run run : runs) {
      links += run == null ? 0 : run.length;
    }
    return 120 + 16L * (partials.length + runs.length) + links * Link.BYTES;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    writeInstant(out);
    out.writeLong(lastMicros);
    Map<Link, Integer> numbers = writeLinks(out);
    out.writeInt(partials.length);
    for (@Nullable Link[] ofStep : partials) {
      out.writeInt(ofStep.length);
      for (Link link : ofStep) {
        out.writeInt(number(numbers, link));
      }
    }
    for (Run run : runs) {
      out.writeBoolean(run != null);
      if (run != null) {
        out.writeInt(number(numbers, run.newest));
        out.writeInt(run.length);
        out.writeInt(run.trimAt);
        out.writeBoolean(run.broken);
      }
    }
    out.writeInt(number(numbers, waiting));
    out.writeLong(deadlineMicros);
    out.writeInt(entities.length);
    for (String entity : entities) {
      dev.tidewatch.remember.StateText.write(entity, out);
    }
    out.writeInt(order);
  }

  private static int number(Map<Link, Integer> numbers, @Nullable Link link) {
    return link == null ? -1 : numbers.getOrDefault(link, -1);
  }

  /** Links are shared, so each is written once, after those it refers to. */
  private Map<Link, Integer> writeLinks(DataOutput out) throws IOException {
    Map<Link, Integer> numbers = new IdentityHashMap<>();
    Deque<Link> open = roots(new ArrayDeque<>());
    while (!open.isEmpty()) {
      Link link = open.remove();
      if (numbers.putIfAbsent(link, 0) == null) {
        if (link.base != null) {
          open.add(link.base);
        }
        if (link.previous != null) {
          open.add(link.previous);
        }
      }
    }
    List<Link> sorted =
        numbers.keySet().stream().sorted(Comparator.comparingInt(link -> link.order)).toList();
    out.writeInt(sorted.size());
    for (int i = 0; i < sorted.size(); i++) {
      numbers.put(sorted.get(i), i);
      SequenceStateFormat.writeLink(sorted.get(i), numbers, out);
    }
    return numbers;
  }
}
