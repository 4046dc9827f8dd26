package dev.tidewatch.jobs;

import dev.tidewatch.jobs.options.DetectionOptions;
import dev.tidewatch.jobs.source.InboundRecord;
import dev.tidewatch.jobs.source.RecordReader;
import dev.tidewatch.jobs.source.SilenceWatermarks;
import dev.tidewatch.jobs.source.TelemetryDeserializer;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** The job's input, as its options say. */
final class KafkaTelemetry {
  private static final String FETCH_BYTES = Integer.toString(4 << 20);

  private KafkaTelemetry() {}

  static KafkaSource<InboundRecord> source(DetectionOptions options) {
    return KafkaSource.<InboundRecord>builder()
        .setProperties(consumerProperties(options))
        .setBootstrapServers(options.get(DetectionOptions.BOOTSTRAP_SERVERS))
        .setTopics(options.get(DetectionOptions.TELEMETRY_TOPIC))
        .setGroupId(options.get(DetectionOptions.GROUP_ID))
        .setStartingOffsets(startingOffsets(options))
        .setDeserializer(new TelemetryDeserializer(reader(options)))
        .build();
  }

  /** Event time, per partition; partitions that fall silent do not hold it back. */
  static WatermarkStrategy<InboundRecord> watermarks(DetectionOptions options) {
    Duration outOfOrderness = options.get(DetectionOptions.OUT_OF_ORDERNESS);
    Duration idleAdvance = options.get(DetectionOptions.IDLE_ADVANCE);
    Duration idleness = options.get(DetectionOptions.IDLENESS);
    return WatermarkStrategy.<InboundRecord>forGenerator(
            context ->
                new SilenceWatermarks<>(
                    outOfOrderness, idleAdvance, idleness, context.getInputActivityClock()))
        .withTimestampAssigner((record, kafkaTimestamp) -> record.eventMillis());
  }

  static RecordReader reader(DetectionOptions options) {
    return new RecordReader(
        Math.toIntExact(options.get(DetectionOptions.MAX_EVENT_SIZE).getBytes()),
        options.get(DetectionOptions.MAX_FUTURE_SKEW).toMillis());
  }

  private static OffsetsInitializer startingOffsets(DetectionOptions options) {
    return switch (options.get(DetectionOptions.STARTING_OFFSETS)) {
      case COMMITTED -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
      case EARLIEST -> OffsetsInitializer.earliest();
      case LATEST -> OffsetsInitializer.latest();
    };
  }

  /** Records that come in are never larger than a fetch can be: Kafka always returns the first. */
  private static Properties consumerProperties(DetectionOptions options) {
    Properties properties = options.kafkaProperties();
    properties.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    properties.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.setProperty(
        KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(),
        Long.toString(options.get(DetectionOptions.PARTITION_DISCOVERY_INTERVAL).toMillis()));
    return properties;
  }
}
