package dev.tidewatch.remember;

import java.util.UUID;

/**
 * An event of an episode's evidence.
 *
 * @param timeMicros event time
 * @param eventIdHigh first half of its UUID
 * @param eventIdLow second half of its UUID
 * @param member index of the member that fired on it
 */
public record EventRef(long timeMicros, long eventIdHigh, long eventIdLow, int member) {
  public static EventRef of(Match match) {
    return new EventRef(
        match.timeMicros(), match.eventIdHigh(), match.eventIdLow(), match.member());
  }

  public UUID eventId() {
    return new UUID(eventIdHigh, eventIdLow);
  }
}
