package dev.tidewatch.store;

import dev.tidewatch.events.v1.DeadLetter;
import java.util.List;

/**
 * Writes dead letters for the console; the Kafka topic stays the truth. One thread at a time.
 * Writing one again is harmless: topic, partition and offset are its identity.
 */
public final class DeadLetterWriter {
  private static final String TABLE = "dead_letters";
  private static final List<String> COLUMNS =
      List.of(
          "topic",
          "partition",
          "offset",
          "time",
          "tenant_id",
          "code",
          "reason",
          "record_key",
          "record");

  private final BatchWriter<DeadLetter> batches;

  DeadLetterWriter(Server server) {
    batches = new BatchWriter<>(server, TABLE, COLUMNS, DeadLetterWriter::encode);
  }

  /**
   * Stores {@code letters} in one insert and returns when ClickHouse has acknowledged it.
   *
   * @throws StoreUnavailableException retry the same batch; it may have been stored or not
   * @throws StoreRejectedException a row is refused; nothing of the batch is acknowledged
   */
  public void write(List<DeadLetter> letters) {
    batches.write(letters);
  }

  /** About how many bytes a row takes on the wire before compression, for batching by size. */
  public static long encodedSize(DeadLetter letter) {
    return letter.getSerializedSize();
  }

  /** In the order of {@link #COLUMNS}. */
  private static void encode(DeadLetter letter, RowBinaryBuffer out) {
    out.string(letter.getTopicBytes());
    out.int32(letter.getPartition());
    out.int64(letter.getOffset());
    out.int64(letter.getTimeUs());
    out.string(letter.getTenantIdBytes());
    out.string(letter.getCodeBytes());
    out.string(letter.getReasonBytes());
    out.string(letter.getRecordKey());
    out.string(letter.getRecord());
  }
}
