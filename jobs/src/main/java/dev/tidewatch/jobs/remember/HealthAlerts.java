package dev.tidewatch.jobs.remember;

import dev.tidewatch.events.AlertIds;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.events.v1.Stage;
import dev.tidewatch.remember.ValueText;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Alerts about detection itself. Once per hour of event time, problem, rule and group; the id is
 * derived from these, so after a restart it is the same alert. Belongs to one thread.
 */
final class HealthAlerts {
  /** All their rule ids begin with this. */
  static final String PREFIX = "tidewatch-health/";

  private static final long HOUR_MICROS = Duration.ofHours(1).toNanos() / 1_000;
  private static final int MOST_KNOWN = 10_000;
  private static final int MAX_REASON = 500;
  private final Set<String> raised = new HashSet<>();

  /** What went wrong. */
  enum Problem {
    OVERFLOW("overflow", "A rule reached a bound of its state"),
    RATE("rate", "A rule raised too many alerts"),
    FAILING("failing", "A rule failed and was disabled");

    private final String id;
    private final String title;

    Problem(String id, String title) {
      this.id = id;
      this.title = title;
    }
  }

  /**
   * @param about what of the rule: a group's values, or empty
   * @param timeMicros event time of the trouble
   * @param detectedMicros now
   * @return empty when this was said in this hour
   */
  Optional<Alert> raise(
      Problem problem,
      String tenantId,
      String ruleId,
      int ruleVersion,
      String about,
      String reason,
      long timeMicros,
      long detectedMicros) {
    long hour = Math.floorDiv(timeMicros, HOUR_MICROS) * HOUR_MICROS;
    String healthId = PREFIX + problem.id;
    String id =
        AlertIds.derive(tenantId, healthId, ruleVersion, ruleId + "\0" + about, hour).toString();
    if (raised.size() >= MOST_KNOWN) {
      raised.clear();
    }
    if (!raised.add(id)) {
      return Optional.empty();
    }
    return Optional.of(
        Alert.newBuilder()
            .setTenantId(tenantId)
            .setAlertId(id)
            .setRuleId(healthId)
            .setRuleVersion(ruleVersion)
            .setRuleTitle(problem.title)
            .setLevel(Level.LEVEL_MEDIUM)
            .setTimeUs(hour)
            .setFirstSeenUs(hour)
            .setLastSeenUs(hour)
            .setCount(1)
            .setDetectedTimeUs(detectedMicros)
            .setStage(Stage.STAGE_LIVE)
            .setReason(ValueText.line(reason, MAX_REASON))
            .build());
  }
}
