package dev.tidewatch.benchmarks.chaos;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.Alert;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The alerts that transactions have committed to Kafka so far; reads on at each call. */
final class CommittedAlerts implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, AlertSet.Seen> byId = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private final List<String> twice = new ArrayList<>();
  private final Map<String, Set<String>> markers = new HashMap<>();
  private long records;

  CommittedAlerts(String bootstrapServers) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false,
                "default.api.timeout.ms",
                60_000),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.ALERTS).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads what is committed now. */
  AlertSet read() throws InvalidProtocolBufferException {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
        add(Alert.parseFrom(record.value()));
      }
    }
    return new AlertSet(byId, twice);
  }

  private void add(Alert alert) {
    records++;
    if (alert.getRuleId().equals(ReferenceAlerts.MARKER_RULE)) {
      markers
          .computeIfAbsent(alert.getEvidence(0).getEventId(), id -> new HashSet<>())
          .add(alert.getAlertId());
      return;
    }
    AlertSet.Seen seen =
        new AlertSet.Seen(alert.getRuleId(), alert.getCount(), alert.getLastSeenUs());
    if (!told.add(alert.getAlertId() + " " + alert.getCount())) {
      twice.add(alert.getAlertId() + " " + seen);
    }
    AlertSet.Seen before = byId.get(alert.getAlertId());
    if (before == null || before.count() < seen.count()) {
      byId.put(alert.getAlertId(), seen);
    }
  }

  /** Alerts of the marker rule: event id to the ids of its alerts, one for each version. */
  Map<String, Set<String>> markers() {
    return markers;
  }

  /** Records read, updates of one alert included. */
  long records() {
    return records;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
