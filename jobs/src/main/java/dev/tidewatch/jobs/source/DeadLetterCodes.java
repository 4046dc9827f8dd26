package dev.tidewatch.jobs.source;

/**
 * Codes of dead letters that the job itself gives; those of records that cannot be read are in
 * {@link dev.tidewatch.events.Malformation}. Stable: dashboards and runbooks refer to them.
 */
public final class DeadLetterCodes {
  /** Reading the payload failed in an unforeseen way. */
  public static final String READER_FAILED = "TW-E4101";

  /** ClickHouse refused the row of this event. */
  public static final String EVENT_REFUSED = "TW-E4201";

  /** ClickHouse refused the row of this alert. */
  public static final String ALERT_REFUSED = "TW-E4202";

  private DeadLetterCodes() {}
}
