package dev.tidewatch.match.index;

import dev.tidewatch.match.decode.EventFields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Literals that rules look for in one field. */
final class FieldIndex {
  final int field;

  private final @Nullable HashIndex equal;
  private final @Nullable HashIndex numbers;
  private final @Nullable TrieIndex starts;
  private final @Nullable TrieIndex ends;
  private final @Nullable TextIndex anywhere;

  /** Numbers that a value with a fraction may equal: to be tested one by one. */
  private final Entries numberEntries;

  private final FieldTest[] tests;

  FieldIndex(int field, List<Entries.Entry> entries, FieldTest[] tests) {
    this.field = field;
    this.tests = tests;
    List<Entries.Entry> equals = of(entries, Literal.Kind.EQUALS);
    List<Entries.Entry> number = of(entries, Literal.Kind.NUMBER);
    List<Entries.Entry> start = of(entries, Literal.Kind.STARTS);
    List<Entries.Entry> end = of(entries, Literal.Kind.ENDS);
    List<Entries.Entry> any = of(entries, Literal.Kind.CONTAINS);
    equal = equals.isEmpty() ? null : new HashIndex(Entries.of(equals));
    numberEntries = Entries.of(number);
    numbers = number.isEmpty() ? null : new HashIndex(numberEntries);
    starts = start.isEmpty() ? null : new TrieIndex(Entries.of(start), false);
    ends = end.isEmpty() ? null : new TrieIndex(Entries.of(end), true);
    anywhere = any.isEmpty() ? null : new TextIndex(any, 4);
  }

  private static List<Entries.Entry> of(List<Entries.Entry> entries, Literal.Kind kind) {
    List<Entries.Entry> found = new ArrayList<>();
    for (Entries.Entry entry : entries) {
      if (entry.literal().kind() == kind) {
        found.add(entry);
      }
    }
    return found;
  }

  void find(EventFields<?> event, Scratch scratch, Hits hits) {
    for (int slot = event.first(field); slot >= 0; slot = event.next(slot)) {
      if (event.folded(slot)) {
        find(event, slot, scratch, hits);
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
    if (numbers != null) {
      findNumber(event, slot, scratch, numbers, hits);
    }
  }

  private void findNumber(
      EventFields<?> event, int slot, Scratch scratch, HashIndex index, Hits hits) {
    if (!event.isDecimal(slot)) {
      if (event.isNumber(slot) || event.isString(slot)) {
        index.find(event.buffer(), event.textAt(), event.textLength(), hits);
      }
      return;
    }
    for (int i = 0; i < numberEntries.size(); i++) {
      if (tests[numberEntries.tests[i]].holds(event, scratch)) {
        hits.hit(numberEntries, i);
      }
    }
  }
}
