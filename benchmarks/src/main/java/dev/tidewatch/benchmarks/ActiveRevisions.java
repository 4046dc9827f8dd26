package dev.tidewatch.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.RuleRevision;
import dev.tidewatch.events.v1.SubtaskRules;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What the subtasks of a job say of the revision they run, on {@code rules.status}, and when each
 * revision was sent to {@code rules}.
 */
final class ActiveRevisions implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, SubtaskRules> newest = new HashMap<>();
  private final Map<Long, Long> sentMillis = new HashMap<>();

  /**
   * What became of a revision. Microseconds since the epoch.
   *
   * @param sent by whoever wrote it to Kafka, to the millisecond
   * @param active on the last subtask
   * @param told by the last subtask
   * @param compileMicros of the process that took longest
   */
  record Seen(long sent, long active, long told, long compileMicros) {}

  ActiveRevisions(String bootstrapServers) {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        List.of(new TopicPartition(Topics.RULES_STATUS, 0), new TopicPartition(Topics.RULES, 0));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Subtasks that have reported. */
  int subtasks() {
    return newest.size();
  }

  /**
   * Waits until {@code subtasks} of them run {@code revision} or a later one.
   *
   * @throws IllegalStateException when they do not in time, or one refuses it
   */
  Seen await(long revision, int subtasks, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (newest.size() < subtasks
        || !sentMillis.containsKey(revision)
        || newest.values().stream().anyMatch(status -> status.getRevision() < revision)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "revision " + revision + " is not active on " + subtasks + " subtasks: " + newest);
      }
      read();
    }
    return new Seen(
        TimeUnit.MILLISECONDS.toMicros(sentMillis.getOrDefault(revision, 0L)),
        newest.values().stream().mapToLong(SubtaskRules::getActiveSinceUs).max().orElseThrow(),
        newest.values().stream().mapToLong(SubtaskRules::getTimeUs).max().orElseThrow(),
        newest.values().stream().mapToLong(SubtaskRules::getCompileUs).max().orElseThrow());
  }

  private void read() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      try {
        if (record.topic().equals(Topics.RULES_STATUS)) {
          status(SubtaskRules.parseFrom(record.value()));
        } else if (new String(record.key(), UTF_8).equals("r")) {
          sentMillis.put(RuleRevision.parseFrom(record.value()).getRevision(), record.timestamp());
        }
      } catch (com.google.protobuf.InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void status(SubtaskRules status) {
    if (status.getRefusedRevision() > status.getRevision()) {
      throw new IllegalStateException("refused: " + status.getRefusal());
    }
    newest.put(status.getOperator() + " " + status.getSubtask(), status);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
