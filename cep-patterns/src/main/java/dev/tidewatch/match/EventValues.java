package dev.tidewatch.match;

import dev.tidewatch.events.EventDocument;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What predicates see of one event. Belongs to one thread, reused from event to event. */
final class EventValues {
  private final String[] names;
  private final @Nullable FieldValues[] fields;
  private final long[] loadedFor;
  private long event;
  private @Nullable EventDocument document;
  private @Nullable List<String> foldedScalars;
  private @Nullable String foldedRaw;

  /**
   * @param names of the fields, by slot
   */
  EventValues(String[] names) {
    this.names = names;
    this.fields = new FieldValues[names.length];
    this.loadedFor = new long[names.length];
  }

  void begin(EventDocument next) {
    event++;
    document = next;
    foldedScalars = null;
    foldedRaw = null;
  }

  void end() {
    document = null;
    foldedScalars = null;
    foldedRaw = null;
  }

  FieldValues field(int slot) {
    FieldValues values = fields[slot];
    if (values == null) {
      values = new FieldValues();
      fields[slot] = values;
    }
    if (loadedFor[slot] != event) {
      values.load(document().field(names[slot]));
      loadedFor[slot] = event;
    }
    return values;
  }

  List<String> scalars() {
    return document().scalars();
  }

  List<String> foldedScalars() {
    List<String> known = foldedScalars;
    if (known == null) {
      known = scalars().stream().map(CaseFolding::fold).toList();
      foldedScalars = known;
    }
    return known;
  }

  String raw() {
    return document().raw();
  }

  String foldedRaw() {
    String known = foldedRaw;
    if (known == null) {
      known = CaseFolding.fold(raw());
      foldedRaw = known;
    }
    return known;
  }

  private EventDocument document() {
    if (document == null) {
      throw new IllegalStateException("no event");
    }
    return document;
  }
}
