package dev.tidewatch.benchmarks;

import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.SubtaskRules;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What the subtasks of a job say of the revision they run, on {@code rules.status}. */
final class ActiveRevisions implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, SubtaskRules> newest = new HashMap<>();

  ActiveRevisions(String bootstrapServers) {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    TopicPartition partition = new TopicPartition(Topics.RULES_STATUS, 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
  }

  /** Subtasks that have reported. */
  int subtasks() {
    return newest.size();
  }

  /**
   * Waits until {@code subtasks} of them run {@code revision} or a later one.
   *
   * @return when the last one began to, microseconds since the epoch
   * @throws IllegalStateException when they do not in time, or one refuses it
   */
  long await(long revision, int subtasks, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (newest.size() < subtasks
        || newest.values().stream().anyMatch(status -> status.getRevision() < revision)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "revision " + revision + " is not active on " + subtasks + " subtasks: " + newest);
      }
      read();
    }
    return newest.values().stream().mapToLong(SubtaskRules::getActiveSinceUs).max().orElseThrow();
  }

  private void read() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      SubtaskRules status = parse(record.value());
      if (status.getRefusedRevision() > status.getRevision()) {
        throw new IllegalStateException("refused: " + status.getRefusal());
      }
      newest.put(status.getOperator() + " " + status.getSubtask(), status);
    }
  }

  private static SubtaskRules parse(byte[] value) {
    try {
      return SubtaskRules.parseFrom(value);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
