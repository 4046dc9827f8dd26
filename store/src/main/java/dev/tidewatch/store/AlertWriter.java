package dev.tidewatch.store;

import dev.tidewatch.events.v1.Alert;
import java.util.List;

/** Writes batches of alerts. One thread at a time. */
public final class AlertWriter {
  AlertWriter() {}

  /**
   * Stores {@code alerts} in one insert and returns when ClickHouse has acknowledged it. Writing an
   * alert again is harmless: of all rows of an id the one with the highest count is shown, of
   * equals the last written.
   *
   * @throws StoreUnavailableException retry the same batch; it may have been stored or not
   * @throws StoreRejectedException a row is refused; nothing of the batch is acknowledged
   */
  public void write(List<Alert> alerts) {
    throw new UnsupportedOperationException();
  }

  /** About how many bytes a row takes on the wire before compression, for batching by size. */
  public static long encodedSize(Alert alert) {
    return alert.getSerializedSize();
  }
}
