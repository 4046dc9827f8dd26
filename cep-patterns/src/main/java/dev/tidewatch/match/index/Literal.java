package dev.tidewatch.match.index;

/**
 * Text that must be somewhere, as folded bytes.
 *
 * @param decides finding it is all there is to the test; otherwise it only may hold
 */
record Literal(Kind kind, byte[] text, boolean decides) {
  enum Kind {
    EQUALS,
    STARTS,
    ENDS,
    CONTAINS,
    /** An integer, for values that are one; as text for others. */
    NUMBER,
    /** Anywhere in the payload. */
    ANYWHERE
  }
}
