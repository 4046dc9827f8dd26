package dev.tidewatch.cli;

import dev.tidewatch.match.RuleMatch;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * An alert of {@code detect}.
 *
 * @param file as the user named it
 * @param record 0-based index of the event in its file
 * @param timeMicros event time, {@code Long.MIN_VALUE} when the event has none
 */
record FileAlert(RuleMatch match, String file, int record, long timeMicros) {
  /** Event time in ISO 8601, UTC; empty when the event has none. */
  String time() {
    return timeMicros == Long.MIN_VALUE
        ? ""
        : Instant.EPOCH.plus(timeMicros, ChronoUnit.MICROS).toString();
  }
}
