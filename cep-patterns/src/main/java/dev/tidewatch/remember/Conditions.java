package dev.tidewatch.remember;

import java.util.List;

/** Where a {@link Machine} says what has become of its rule's condition. */
public interface Conditions {
  /**
   * The condition is true at {@code match}: an episode opens, or the one that is open goes on.
   *
   * @param window what opened it, asked only when an episode opens
   */
  void holds(Match match, Window window);

  /**
   * The condition came true at an instant without a match: a window closed, something did not
   * happen in time. Opens an episode and ends it.
   */
  void holdsAt(long timeMicros, Window window);

  /** The condition is false now: an open episode has ended. May be said again and again. */
  void fails();

  /**
   * State was not kept because a bound was reached; nothing is evicted without saying so (row 32).
   *
   * @param what one line for the health alert, e.g. {@code 10,000 values a group}
   */
  void overflow(String what);

  /** A match that takes no part, for it lacks the value that counts, or that is no number (28). */
  default void skipped(Match match) {}

  /** What an episode opened with. */
  interface Window {
    /** Matches in the window, the one that opened the episode among them. */
    long count();

    /** Time of the earliest of them. */
    long firstMicros();

    /** The events, oldest first, at most {@code cap}; the newest when there are more. */
    List<EventRef> evidence(int cap);

    /**
     * What stands in the alert beside the events: what was counted, summed or compared, e.g. {@code
     * distinct TargetUserName} = {@code 12}.
     */
    default List<Finding> findings() {
      return List.of();
    }

    /** Kind and value in turn, where no match of the moment tells them. */
    default String[] entities() {
      return new String[0];
    }
  }

  /**
   * A value that made the condition true.
   *
   * @param member index of the member that {@code field} belongs to, -1: the group
   */
  record Finding(int member, String field, String value) {}
}
