package dev.tidewatch.match;

import dev.tidewatch.events.v1.SourceHint;

/**
 * Matches one payload after another. Belongs to one thread, and keeps what it learns of the shape
 * of events; nothing is allocated for an event that is like earlier ones and fires no rule.
 */
public interface MatchSession {
  /** Returned for a payload that {@link dev.tidewatch.events.EventDocument} refuses. */
  int MALFORMED = -1;

  /**
   * How many rules fire on a payload; they are {@link #fired}.
   *
   * @param hint what the sender said about the log source; the default instance when nothing
   */
  int match(byte[] payload, int offset, int length, SourceHint hint);

  /** The same for a whole array and no hint. */
  default int match(byte[] payload) {
    return match(payload, 0, payload.length, SourceHint.getDefaultInstance());
  }

  /** Index in the rule set of a rule that fired on the last payload; ascending. */
  int fired(int index);

  /** Rules whose conditions were evaluated on the last payload. */
  int candidates();

  /** Payloads so far that only the reference could read or evaluate. */
  long leftToReference();
}
