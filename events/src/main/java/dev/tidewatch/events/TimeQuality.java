package dev.tidewatch.events;

/** Whose clock an event's time is from. */
public enum TimeQuality {
  /** The payload's own time. */
  PAYLOAD,
  /** The sender's {@code observed_time_us}. */
  OBSERVED,
  /** When the event entered Tidewatch ({@code ingest_time_us}). */
  INGEST,
  /** Neither payload nor envelope has a usable time. */
  NONE
}
