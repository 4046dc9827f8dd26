package dev.tidewatch.jobs.source;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.NullUnmarked;

/** Flink's own contract of serializers. */
@NullUnmarked
class InboundRecordSerializerTest extends SerializerTestBase<InboundRecord> {
  private static final RecordReader READER = new RecordReader(1 << 20, 300_000);

  @Override
  protected TypeSerializer<InboundRecord> createSerializer() {
    return new InboundRecordSerializer(READER);
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<InboundRecord> getTypeClass() {
    return InboundRecord.class;
  }

  @Override
  protected InboundRecord[] getTestData() {
    byte[] event =
        TelemetryEvent.newBuilder()
            .setTenantId("acme")
            .setEventId(EventIds.bytes(EventIds.next()))
            .setPayload(ByteString.copyFromUtf8("{\"a\":1}"))
            .build()
            .toByteArray();
    byte[] key = "k".getBytes(StandardCharsets.UTF_8);
    return new InboundRecord[] {
      READER.read(new KafkaPosition("telemetry", 0, 0, 1), key, event),
      READER.read(new KafkaPosition("telemetry", 1, Long.MAX_VALUE, -1), null, event),
      READER.read(new KafkaPosition("telemetry", 2, 5, 1), key, new byte[0]),
      READER.read(new KafkaPosition("", 3, 6, 1), key, null),
      READER.read(new KafkaPosition("telemetry", 4, 7, 1), null, new byte[100_000]),
    };
  }
}
