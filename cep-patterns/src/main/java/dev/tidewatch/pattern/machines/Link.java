package dev.tidewatch.pattern.machines;

import dev.tidewatch.remember.EventRef;
import org.jspecify.annotations.Nullable;

/** An event that a step took, and by way of which events. */
final class Link {
  static final long BYTES = 88;

  final EventRef event;
  final int step;

  /** The event before, in an earlier step or in the same conjunction; null at the start. */
  final @Nullable Link base;

  /** The event before of the same repeated step, whether it is part of the match or not. */
  @Nullable Link previous;

  /** Time of the first event when this is the earliest of its step's that is counted. */
  final long startMicros;

  /** Time of the last event of the step before; {@code Long.MIN_VALUE} for the first step. */
  final long anchorMicros;

  /** Made after all links it refers to. */
  final int order;

  Link(
      EventRef event,
      int step,
      @Nullable Link base,
      @Nullable Link previous,
      long startMicros,
      long anchorMicros,
      int order) {
    this.event = event;
    this.step = step;
    this.base = base;
    this.previous = previous;
    this.startMicros = startMicros;
    this.anchorMicros = anchorMicros;
    this.order = order;
  }
}
