package dev.tidewatch.match.index;

import dev.tidewatch.match.decode.EventFields;
import java.util.List;

/** One predicate, shared by all rules that have it. Immutable. */
abstract class FieldTest {
  /** Id in the catalog; -1 for tests of the whole event. */
  final int field;

  FieldTest(int field) {
    this.field = field;
  }

  /** Whether it holds for the event. */
  abstract boolean holds(EventFields<?> event, Scratch scratch);

  /** Text that a value (or the event) must have for this to hold, any of them; or none. */
  List<Literal> literals() {
    return List.of();
  }

  /** Rough cost of {@link #holds}; a comparison of text is 1. */
  double cost() {
    return 1;
  }

  /** A test of one value; it holds for the field if one value passes. */
  abstract static class OfValue extends FieldTest {
    OfValue(int field) {
      super(field);
    }

    abstract boolean passes(EventFields<?> event, int slot, Scratch scratch);

    @Override
    final boolean holds(EventFields<?> event, Scratch scratch) {
      for (int slot = event.first(field); slot >= 0; slot = event.next(slot)) {
        if (passes(event, slot, scratch)) {
          return true;
        }
      }
      return false;
    }
  }
}
