package dev.tidewatch.events;

/**
 * Sigma's log source: what kind of record an event is, or what kind a rule asks for. An absent
 * attribute is the empty string.
 *
 * @param product e.g. {@code windows}, {@code linux}, {@code aws}, {@code zeek}
 * @param category e.g. {@code process_creation}
 * @param service e.g. {@code sysmon}, {@code cloudtrail}
 */
public record LogSource(String product, String category, String service) {
  public static final LogSource UNKNOWN = new LogSource("", "", "");

  /**
   * Whether a rule with this log source looks at events of {@code event}: every attribute that this
   * one names equals the event's; attributes it does not name are free (semantics row 17).
   */
  public boolean covers(LogSource event) {
    return (product.isEmpty() || product.equals(event.product))
        && (category.isEmpty() || category.equals(event.category))
        && (service.isEmpty() || service.equals(event.service));
  }
}
