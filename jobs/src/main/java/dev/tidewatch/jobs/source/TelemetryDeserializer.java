package dev.tidewatch.jobs.source;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Decodes each Kafka record once, where it enters the job. Emits one record for each. */
public final class TelemetryDeserializer
    implements KafkaRecordDeserializationSchema<InboundRecord> {
  private static final long serialVersionUID = 1L;
  private final RecordReader reader;

  public TelemetryDeserializer(RecordReader reader) {
    this.reader = reader;
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<InboundRecord> out) {
    KafkaPosition position =
        new KafkaPosition(record.topic(), record.partition(), record.offset(), record.timestamp());
    out.collect(reader.read(position, record.key(), record.value()));
  }

  @Override
  public TypeInformation<InboundRecord> getProducedType() {
    return InboundRecordSerializer.typeOf(reader);
  }
}
