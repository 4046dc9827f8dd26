package dev.tidewatch.remember;

/** What comes out of remembering. */
public interface RememberOutput {
  /** An episode opened or changed. */
  void episode(GroupKey key, StatefulRule rule, EpisodeUpdate update);

  /**
   * A bound was reached (row 32).
   *
   * @param what one line, e.g. {@code 10,000 values a group}
   */
  void overflow(GroupKey key, StatefulRule rule, String what);

  /** A match took no part: it lacks the value that counts, or that is no number (row 28). */
  default void skipped(GroupKey key, StatefulRule rule) {}
}
