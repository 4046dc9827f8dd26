package dev.tidewatch.events;

/** Names of Tidewatch's Kafka topics. */
public final class Topics {
  /** {@code TelemetryEvent}, key {@code tenant_id '\0' host}. */
  public static final String TELEMETRY = "telemetry";

  /** {@code DeadLetter}: records of {@link #TELEMETRY} that could not be read, with the reason. */
  public static final String TELEMETRY_DEAD = "telemetry.dead";

  /** {@code Alert}, key alert id; written in transactions, read with {@code read_committed}. */
  public static final String ALERTS = "alerts";

  /**
   * {@code RuleVersion}, {@code RulePlacement} and {@code RuleRevision}; compacted, one partition,
   * written in transactions.
   */
  public static final String RULES = "rules";

  /** {@code SubtaskRules}: what each subtask of the job runs. */
  public static final String RULES_STATUS = "rules.status";

  private Topics() {}
}
