package dev.tidewatch.jobs.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.v1.DeadLetter;
import dev.tidewatch.jobs.source.InboundRecord;
import dev.tidewatch.jobs.source.KafkaPosition;
import dev.tidewatch.jobs.source.RecordReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DeadLetterRecordsTest {
  private static final KafkaPosition POSITION = new KafkaPosition("telemetry", 3, 42, 1_000);
  private static final byte[] KEY = "acme\0host".getBytes(StandardCharsets.UTF_8);

  private static InboundRecord record(byte[] value) {
    return new RecordReader(1 << 20, 0).read(POSITION, KEY, value);
  }

  @Test
  void aLetterKeepsTheRecordByteForByte() {
    byte[] garbage = {(byte) 0xff, 0, 1, 2};

    DeadLetter letter = new DeadLetterRecords(1 << 20).letter(record(garbage), "C", "why", "acme");

    assertThat(letter.getRecord().toByteArray()).isEqualTo(garbage);
    assertThat(letter.getRecordKey().toByteArray()).isEqualTo(KEY);
    assertThat(letter.getReason()).isEqualTo("why");
    assertThat(letter.getTenantId()).isEqualTo("acme");
    assertThat(letter.getTimeUs()).isEqualTo(1_000_000);
    assertThat(DeadLetterRecords.record("dead", letter).key())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("telemetry-3@42");
  }

  @Test
  void aRecordThatDoesNotFitKeepsItsBeginningAndSaysWhereTheRestIs() {
    byte[] large = new byte[200_000];
    large[0] = 7;

    DeadLetter letter =
        new DeadLetterRecords(100_000).letter(record(large), "C", "x".repeat(100_000), "acme");

    assertThat(letter.getSerializedSize()).isLessThan(100_000);
    assertThat(letter.getRecord().size()).isGreaterThan(80_000);
    assertThat(letter.getRecord().byteAt(0)).isEqualTo((byte) 7);
    assertThat(letter.getReason()).contains("200000 bytes").contains("telemetry-3@42");
  }

  @Test
  void aTombstoneIsALetterToo() {
    DeadLetter letter =
        new DeadLetterRecords(1 << 20)
            .letter(new RecordReader(1, 0).read(POSITION, null, null), "C", "why", "");

    assertThat(letter.getRecord().isEmpty()).isTrue();
    assertThat(letter.getRecordKey().isEmpty()).isTrue();
  }
}
