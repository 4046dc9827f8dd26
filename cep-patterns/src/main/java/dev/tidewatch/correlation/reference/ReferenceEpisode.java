package dev.tidewatch.correlation.reference;

import dev.tidewatch.remember.EventRef;
import java.util.List;

/**
 * An episode as it ended.
 *
 * @param openMicros when the condition became true
 * @param firstMicros time of the first match in it
 * @param lastMicros time of the last match, or of the window's closing
 * @param count matches
 * @param evidence events, oldest first, capped
 */
public record ReferenceEpisode(
    long openMicros, long firstMicros, long lastMicros, long count, List<EventRef> evidence) {
  public ReferenceEpisode {
    evidence = List.copyOf(evidence);
  }
}
