package dev.tidewatch.remember;

import java.util.List;

/**
 * An episode as it stands now. Updates of one episode have the same {@code openMicros} and a {@code
 * count} that only grows.
 *
 * @param openMicros when the condition became true; part of the alert's id
 * @param firstMicros time of the first match in it
 * @param lastMicros time of the last match
 * @param count matches
 * @param evidence its events, capped
 * @param entities kind and value in turn
 * @param findings values that opened it
 * @param first nothing was said of this episode before
 */
public record EpisodeUpdate(
    long openMicros,
    long firstMicros,
    long lastMicros,
    long count,
    List<EventRef> evidence,
    List<String> entities,
    List<Conditions.Finding> findings,
    boolean first) {
  public EpisodeUpdate {
    evidence = List.copyOf(evidence);
    entities = List.copyOf(entities);
    findings = List.copyOf(findings);
  }
}
