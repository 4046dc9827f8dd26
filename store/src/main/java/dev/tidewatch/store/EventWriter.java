package dev.tidewatch.store;

import java.util.List;

/**
 * Writes batches of events. One thread at a time; holds a buffer that is reused, so keep one per
 * sink subtask.
 */
public final class EventWriter {
  EventWriter() {}

  /**
   * Stores {@code rows} in one insert and returns when ClickHouse has acknowledged it. Writing the
   * same rows again is harmless: an event is shown once by its id.
   *
   * @throws StoreUnavailableException retry the same batch; it may have been stored or not
   * @throws StoreRejectedException a row is refused; nothing of the batch is acknowledged
   */
  public void write(List<StoredEvent> rows) {
    throw new UnsupportedOperationException();
  }

  /** About how many bytes a row takes on the wire before compression, for batching by size. */
  public static long encodedSize(StoredEvent row) {
    return 512L + row.envelope().getPayload().size();
  }
}
