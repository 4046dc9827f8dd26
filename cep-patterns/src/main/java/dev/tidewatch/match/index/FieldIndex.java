package dev.tidewatch.match.index;

import dev.tidewatch.match.decode.EventFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Literals that rules look for in one field. */
final class FieldIndex {
  final int field;

  /** Among all field indexes of a rule set. */
  final int id;

  final Entries entries;
  private final @Nullable HashIndex equal;
  private final @Nullable HashIndex integers;
  private final @Nullable TrieIndex starts;
  private final @Nullable TrieIndex ends;
  private final @Nullable TextIndex anywhere;

  /** Numbers that a value with a fraction may equal: to be tested one by one. */
  private final Literals numbers;

  private final FieldTest[] tests;

  FieldIndex(int field, int id, List<Entries.Entry> found, FieldTest[] tests) {
    this.field = field;
    this.id = id;
    this.tests = tests;
    entries = new Entries(found);
    Literals equals = entries.of(Literal.Kind.EQUALS);
    Literals start = entries.of(Literal.Kind.STARTS);
    Literals end = entries.of(Literal.Kind.ENDS);
    Literals any = entries.of(Literal.Kind.CONTAINS);
    numbers = entries.of(Literal.Kind.NUMBER);
    equal = equals.isEmpty() ? null : new HashIndex(equals);
    integers = numbers.isEmpty() ? null : new HashIndex(numbers);
    starts = start.isEmpty() ? null : new TrieIndex(start, false);
    ends = end.isEmpty() ? null : new TrieIndex(end, true);
    anywhere = any.isEmpty() ? null : new TextIndex(any, 4);
  }

  /** What is found in the field's values goes to {@code into}. */
  void find(EventFields<?> event, Scratch scratch, Found into) {
    ValueCache values = scratch.values;
    for (int slot = event.first(field); slot >= 0; slot = event.next(slot)) {
      int known = values.find(this, event, slot);
      if (known >= 0) {
        into.hits(entries, values.hits(), values.first(known), values.count(known));
      } else if (event.folded(slot)) {
        Hits hits = scratch.hits;
        hits.begin(entries.size());
        find(event, slot, scratch, hits);
        if (!isDecimal(event, slot)) {
          values.put(this, event, slot, hits);
        }
        into.hits(entries, hits.numbers, 0, hits.count);
      }
    }
  }

  private void find(EventFields<?> event, int slot, Scratch scratch, Hits hits) {
    byte[] b = event.buffer();
    int at = event.textAt();
    int length = event.textLength();
    if (equal != null) {
      equal.find(b, at, length, hits);
    }
    if (starts != null) {
      starts.find(b, at, length, hits);
    }
    if (ends != null) {
      ends.find(b, at, length, hits);
    }
    if (anywhere != null) {
      anywhere.find(b, at, length, true, hits);
    }
    if (integers != null) {
      findNumber(event, slot, scratch, integers, hits);
    }
  }

  /** What is found then depends on the field's other values too. */
  private boolean isDecimal(EventFields<?> event, int slot) {
    return integers != null && event.isDecimal(slot);
  }

  private void findNumber(
      EventFields<?> event, int slot, Scratch scratch, HashIndex index, Hits hits) {
    if (!event.isDecimal(slot)) {
      if (event.isNumber(slot) || event.isString(slot)) {
        index.find(event.buffer(), event.textAt(), event.textLength(), hits);
      }
      return;
    }
    for (int number : numbers.numbers()) {
      if (tests[entries.tests[number]].holds(event, scratch)) {
        hits.add(number);
      }
    }
  }
}
