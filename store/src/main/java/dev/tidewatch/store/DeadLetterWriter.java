package dev.tidewatch.store;

import dev.tidewatch.events.v1.DeadLetter;
import java.util.List;

/**
 * Writes dead letters for the console; the Kafka topic stays the truth. One thread at a time.
 * Writing one again is harmless: topic, partition and offset are its identity.
 */
public final class DeadLetterWriter {
  DeadLetterWriter() {}

  /**
   * @throws StoreUnavailableException retry the same batch; it may have been stored or not
   * @throws StoreRejectedException a row is refused; nothing of the batch is acknowledged
   */
  public void write(List<DeadLetter> letters) {
    throw new UnsupportedOperationException();
  }

  /** About how many bytes a row takes on the wire before compression, for batching by size. */
  public static long encodedSize(DeadLetter letter) {
    return letter.getSerializedSize();
  }
}
