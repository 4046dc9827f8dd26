package dev.tidewatch.control.gateway;

import dev.tidewatch.events.TelemetryCodec;
import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What stands in the topic {@code telemetry}. */
final class Telemetry {
  private Telemetry() {}

  /** All events so far of a tenant, in the order of the one partition. */
  static List<TelemetryEvent> of(String bootstrapServers, String tenant) {
    return read(bootstrapServers, event -> event.getTenantId().equals(tenant));
  }

  static List<String> payloads(String bootstrapServers, String tenant) {
    return of(bootstrapServers, tenant).stream()
        .map(event -> event.getPayload().toStringUtf8())
        .toList();
  }

  private static List<TelemetryEvent> read(
      String bootstrapServers, Predicate<TelemetryEvent> wanted) {
    List<TelemetryEvent> events = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "fetch.max.wait.ms",
                50,
                "isolation.level",
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(Topics.TELEMETRY, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          TelemetryEvent event = new TelemetryCodec().decode(record.value());
          org.assertj.core.api.Assertions.assertThat(record.key())
              .isEqualTo(TelemetryCodec.key(event));
          if (wanted.test(event)) {
            events.add(event);
          }
        }
      }
    } catch (dev.tidewatch.events.MalformedEventException e) {
      throw new AssertionError(e);
    }
    return events;
  }
}
