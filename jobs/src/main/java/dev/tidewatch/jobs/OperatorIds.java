package dev.tidewatch.jobs;

/**
 * Uids of {@link DetectionJob}'s operators: the names under which their state is found again in a
 * checkpoint. Never change one; a new meaning gets a new uid.
 */
public final class OperatorIds {
  public static final String TELEMETRY_SOURCE = "telemetry-source";
  public static final String MATCH = "match";

  /** Followed by the level of chains: {@code remember-1}. */
  public static final String REMEMBER = "remember-";

  public static final String RATE_CEILING = "rate-ceiling";
  public static final String EPISODES_TO_CLICKHOUSE = "episodes-clickhouse";
  public static final String EPISODES_TO_KAFKA = "episodes-kafka";
  public static final String LATE_MATCHES_TO_KAFKA = "late-matches-kafka";
  public static final String EVENTS_TO_CLICKHOUSE = "events-clickhouse";
  public static final String ALERTS_TO_CLICKHOUSE = "alerts-clickhouse";
  public static final String ALERTS_TO_KAFKA = "alerts-kafka";
  public static final String DEAD_LETTERS_TO_KAFKA = "dead-letters-kafka";
  public static final String DEAD_LETTERS_TO_CLICKHOUSE = "dead-letters-clickhouse";

  private OperatorIds() {}
}
