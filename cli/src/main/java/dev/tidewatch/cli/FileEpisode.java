package dev.tidewatch.cli;

import dev.tidewatch.remember.BoundedRemember.FoundEpisode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * An alert of a correlation or pattern in {@code detect}.
 *
 * @param evidence where its events stand
 */
record FileEpisode(FoundEpisode found, List<Place> evidence) {
  /**
   * An event; or, of a chain, the alert of the rule below.
   *
   * @param file empty for an alert
   * @param record 0-based index of the event in its file; -1 for an alert
   * @param alertId empty for an event
   */
  record Place(String file, int record, String alertId) {}

  FileEpisode {
    evidence = List.copyOf(evidence);
  }

  /** When the condition became true, ISO 8601, UTC. */
  String time() {
    return time(found.episode().openMicros());
  }

  static String time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }
}
