package dev.tidewatch.store;

/** Whose clock an event's {@code time} is. Stored as its {@link #stored()} name. */
public enum TimeQuality {
  /** The payload's own time. */
  PAYLOAD("payload"),
  /** When the sender saw the event. */
  OBSERVED("observed"),
  /** When the event entered Tidewatch: nothing better was there, or it was not plausible. */
  INGEST("ingest");

  private final String stored;

  TimeQuality(String stored) {
    this.stored = stored;
  }

  public String stored() {
    return stored;
  }
}
