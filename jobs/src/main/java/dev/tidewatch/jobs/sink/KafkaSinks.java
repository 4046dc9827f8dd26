package dev.tidewatch.jobs.sink;

import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.DeadLetter;
import dev.tidewatch.jobs.options.DetectionOptions;
import dev.tidewatch.jobs.remember.LateMatchRecords;
import dev.tidewatch.jobs.remember.StatefulMatch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The Kafka sinks of the job, as its options say. */
public final class KafkaSinks {
  private KafkaSinks() {}

  /** Alerts, exactly once: a transaction per checkpoint. */
  public static KafkaSink<Alert> alerts(DetectionOptions options) {
    return alerts(options, options.get(DetectionOptions.TRANSACTIONAL_ID_PREFIX));
  }

  /**
   * Alerts of episodes, into the same topic. Neither sink's prefix begins with the other's: a sink
   * that starts aborts what begins with its own.
   */
  public static KafkaSink<Alert> episodes(DetectionOptions options) {
    return alerts(options, "episodes-" + options.get(DetectionOptions.TRANSACTIONAL_ID_PREFIX));
  }

  /** Late matches, at least once. */
  public static KafkaSink<StatefulMatch> lateMatches(DetectionOptions options) {
    return KafkaSink.<StatefulMatch>builder()
        .setKafkaProducerConfig(producerProperties(options))
        .setBootstrapServers(options.get(DetectionOptions.BOOTSTRAP_SERVERS))
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setRecordSerializer(new LateMatchRecords(options.get(DetectionOptions.LATE_MATCHES_TOPIC)))
        .build();
  }

  private static KafkaSink<Alert> alerts(DetectionOptions options, String transactionalIdPrefix) {
    return KafkaSink.<Alert>builder()
        .setKafkaProducerConfig(producerProperties(options))
        .setBootstrapServers(options.get(DetectionOptions.BOOTSTRAP_SERVERS))
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix(transactionalIdPrefix)
        .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
        .setProperty(
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            Long.toString(options.get(DetectionOptions.TRANSACTION_TIMEOUT).toMillis()))
        .setRecordSerializer(new AlertRecords(options.get(DetectionOptions.ALERTS_TOPIC)))
        .build();
  }

  /**
   * Dead letters, at least once: they are seen at once, also while checkpoints wait for ClickHouse,
   * and a letter that is written again is known by its key, topic-partition@offset.
   */
  public static KafkaSink<DeadLetter> deadLetters(DetectionOptions options) {
    return KafkaSink.<DeadLetter>builder()
        .setKafkaProducerConfig(producerProperties(options))
        .setBootstrapServers(options.get(DetectionOptions.BOOTSTRAP_SERVERS))
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setRecordSerializer(new LetterRecords(options.get(DetectionOptions.DEAD_LETTER_TOPIC)))
        .build();
  }

  public static DeadLetterRecords letters(DetectionOptions options) {
    return new DeadLetterRecords(maxRecordBytes(options));
  }

  static Properties producerProperties(DetectionOptions options) {
    Properties properties = options.kafkaProperties();
    int largest = maxRecordBytes(options);
    properties.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(largest));
    properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "20");
    return properties;
  }

  private static int maxRecordBytes(DetectionOptions options) {
    return Math.toIntExact(options.get(DetectionOptions.MAX_RECORD_SIZE).getBytes());
  }

  /** Keyed by alert id. Naming its topic is what pooled transactions are found again by. */
  private record AlertRecords(String topic)
      implements KafkaRecordSerializationSchema<Alert>, KafkaDatasetFacetProvider {
    @Override
    public ProducerRecord<byte[], byte[]> serialize(
        Alert alert, KafkaSinkContext context, Long timestamp) {
      byte[] key = alert.getAlertId().getBytes(StandardCharsets.UTF_8);
      return new ProducerRecord<>(topic, key, alert.toByteArray());
    }

    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
      var topics = DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic));
      return Optional.of(new DefaultKafkaDatasetFacet(topics));
    }
  }

  private record LetterRecords(String topic) implements KafkaRecordSerializationSchema<DeadLetter> {
    @Override
    public ProducerRecord<byte[], byte[]> serialize(
        DeadLetter letter, KafkaSinkContext context, Long timestamp) {
      return DeadLetterRecords.record(topic, letter);
    }
  }
}
