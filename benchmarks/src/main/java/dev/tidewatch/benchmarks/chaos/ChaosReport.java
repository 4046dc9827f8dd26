package dev.tidewatch.benchmarks.chaos;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * What came of a run.
 *
 * @param seconds under load and faults
 * @param events sent and acknowledged
 * @param kills by part
 * @param deploys of the marker rule while it ran, that Kafka took
 * @param deploysTriedInVain while Kafka was away
 * @param referenceAlerts alerts that the events give without faults
 * @param alertRecords records in Kafka, updates of one alert included
 * @param recoverySeconds from the end of the load until everything was there
 * @param kafka how Kafka differs from the reference
 * @param clickHouse how ClickHouse differs from the reference
 * @param told twice in Kafka: an alert with the same count
 * @param storedEvents rows of {@code events}
 * @param markers marker events, and how many have no alert or more than one
 */
public record ChaosReport(
    double seconds,
    long events,
    Map<String, Integer> kills,
    int deploys,
    int deploysTriedInVain,
    Map<String, Long> referenceAlerts,
    long alertRecords,
    double recoverySeconds,
    Difference kafka,
    Difference clickHouse,
    List<String> toldTwice,
    long storedEvents,
    Markers markers) {

  /** Ids with their rule and count, at most 20 of each. */
  public record Difference(
      int missingCount,
      int surplusCount,
      int differentCount,
      List<String> missing,
      List<String> surplus,
      List<String> different) {
    static Difference of(AlertSet.Difference found) {
      return new Difference(
          found.missing().size(),
          found.surplus().size(),
          found.different().size(),
          found.missing().stream().limit(20).toList(),
          found.surplus().stream().limit(20).toList(),
          found.different().stream().limit(20).toList());
    }
  }

  /**
   * @param unmatched marker events without an alert by any version, in Kafka
   * @param matchedTwice marker events with alerts by two versions, in Kafka
   * @param orphaned in ClickHouse: alerts of an attempt that died, under the version that ran then;
   *     ClickHouse has no transactions, and another version's alert has another id
   */
  public record Markers(long events, long unmatched, long matchedTwice, long orphaned) {}

  /** Whether there was something to lose, and nothing was lost, doubled or miscounted. */
  @JsonProperty("exact")
  public boolean isExact() {
    return deploys > 0
        && !kills.isEmpty()
        && !referenceAlerts.isEmpty()
        && markers.events() > 0
        && isNone(kafka)
        && isNone(clickHouse)
        && toldTwice.isEmpty()
        && markers.unmatched() == 0
        && markers.matchedTwice() == 0;
  }

  private static boolean isNone(Difference difference) {
    return difference.missingCount() + difference.surplusCount() + difference.differentCount() == 0;
  }
}
