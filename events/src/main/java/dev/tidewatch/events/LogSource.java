package dev.tidewatch.events;

/**
 * Sigma's log source: what kind of record an event is. An absent attribute is the empty string.
 *
 * @param product e.g. {@code windows}, {@code linux}, {@code aws}, {@code zeek}
 * @param category e.g. {@code process_creation}
 * @param service e.g. {@code sysmon}, {@code cloudtrail}
 */
public record LogSource(String product, String category, String service) {
  public static final LogSource UNKNOWN = new LogSource("", "", "");
}
