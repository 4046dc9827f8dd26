package dev.tidewatch.jobs.remember;

import dev.tidewatch.remember.GroupKey;
import dev.tidewatch.remember.Match;

/**
 * A match on its way to the group that it belongs to. Immutable.
 *
 * @param revision of the rules that made it: whoever handles it runs at least these
 */
public record StatefulMatch(long revision, GroupKey key, Match match) {
  /** Event time for Flink, milliseconds since the Unix epoch. */
  long timeMillis() {
    return Math.floorDiv(match.timeMicros(), 1_000L);
  }
}
