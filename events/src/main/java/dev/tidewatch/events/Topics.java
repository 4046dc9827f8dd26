package dev.tidewatch.events;

/** Names of Tidewatch's Kafka topics. */
public final class Topics {
  /** {@code TelemetryEvent}, key {@code tenant_id '\0' host}. */
  public static final String TELEMETRY = "telemetry";

  /** {@code DeadLetter}: records of {@link #TELEMETRY} that could not be read, with the reason. */
  public static final String TELEMETRY_DEAD = "telemetry.dead";

  /** {@code Alert}, key alert id; written in transactions, read with {@code read_committed}. */
  public static final String ALERTS = "alerts";

  private Topics() {}
}
