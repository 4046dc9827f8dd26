package dev.tidewatch.match.index;

/** Takes what an index finds. */
interface Hits {
  /** Literal {@code entry} of the index was found; may be said more than once. */
  void hit(Entries entries, int entry);
}
