package dev.tidewatch.jobs.sink;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.tidewatch.events.v1.DeadLetter;
import dev.tidewatch.jobs.source.InboundRecord;
import dev.tidewatch.jobs.source.KafkaPosition;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes dead letters. A letter carries the record byte for byte, as far as a Kafka message can hold
 * it; beyond that its beginning, with a reason that says so and where the whole is.
 *
 * @param maxRecordBytes largest Kafka message that the topic takes
 */
public record DeadLetterRecords(int maxRecordBytes) implements Serializable {
  /** Room for the letter's other fields and for Kafka's framing. */
  private static final int ENVELOPE_BYTES = 16 << 10;

  private static final int MAX_REASON = 2_000;
  private static final int MAX_KEY_BYTES = 4 << 10;

  /**
   * @param code stable code of the reason
   * @param tenantId empty when unknown
   */
  public DeadLetter letter(InboundRecord record, String code, String reason, String tenantId) {
    KafkaPosition position = record.position();
    DeadLetter.Builder letter =
        DeadLetter.newBuilder()
            .setCode(code)
            .setTopic(position.topic())
            .setPartition(position.partition())
            .setOffset(position.offset())
            .setTimeUs(Math.max(0, position.appendMillis()) * 1000)
            .setTenantId(cut(tenantId, 256))
            .setRecordKey(slice(record.key(), MAX_KEY_BYTES));
    int room = maxRecordBytes - ENVELOPE_BYTES;
    String note =
        record.size() > room
            ? " (the record has %d bytes, the first %d are kept here, all of it is at %s)"
                .formatted(record.size(), room, position)
            : "";
    return letter
        .setReason(cut(reason, MAX_REASON) + note)
        .setRecord(slice(record.value(), room))
        .build();
  }

  /** Keyed by position: a letter that is written twice is seen to be the same. */
  static ProducerRecord<byte[], byte[]> record(String topic, DeadLetter letter) {
    String key = letter.getTopic() + "-" + letter.getPartition() + "@" + letter.getOffset();
    return new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), letter.toByteArray());
  }

  private static ByteString slice(byte @Nullable [] bytes, int most) {
    return bytes == null
        ? ByteString.EMPTY
        : UnsafeByteOperations.unsafeWrap(bytes, 0, Math.min(bytes.length, most));
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "…";
  }
}
