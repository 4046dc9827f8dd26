package dev.tidewatch.control.pipeline;

import dev.tidewatch.events.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Asks Kafka how much was written and how much of it the detection job has committed. */
final class KafkaProbe implements Probe<KafkaReading>, AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final String bootstrapServers;
  private final String group;
  private @Nullable Admin admin;

  KafkaProbe(String bootstrapServers, String group) {
    this.bootstrapServers = bootstrapServers;
    this.group = group;
  }

  @Override
  public synchronized KafkaReading read() throws ProbeFailedException, InterruptedException {
    try {
      return read(admin());
    } catch (ExecutionException failure) {
      throw failed(failure.getCause());
    } catch (KafkaException failure) {
      throw failed(failure);
    }
  }

  private KafkaReading read(Admin kafka) throws ExecutionException, InterruptedException {
    TopicDescription topic =
        kafka
            .describeTopics(List.of(Topics.TELEMETRY))
            .topicNameValues()
            .values()
            .iterator()
            .next()
            .get();
    Map<TopicPartition, OffsetSpec> ends =
        topic.partitions().stream()
            .map(partition -> new TopicPartition(topic.name(), partition.partition()))
            .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
    Map<TopicPartition, ListOffsetsResultInfo> written = kafka.listOffsets(ends).all().get();
    Map<TopicPartition, OffsetAndMetadata> committed =
        kafka.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    long total = written.values().stream().mapToLong(ListOffsetsResultInfo::offset).sum();
    return new KafkaReading(total, uncommitted(written, committed));
  }

  /** A partition that the group has never committed counts whole. */
  private static OptionalLong uncommitted(
      Map<TopicPartition, ListOffsetsResultInfo> written,
      Map<TopicPartition, OffsetAndMetadata> committed) {
    if (committed.isEmpty()) {
      return OptionalLong.empty();
    }
    long sum = 0;
    for (var end : written.entrySet()) {
      OffsetAndMetadata until = committed.get(end.getKey());
      sum += Math.max(0, end.getValue().offset() - (until == null ? 0 : until.offset()));
    }
    return OptionalLong.of(sum);
  }

  private static ProbeFailedException failed(@Nullable Throwable cause) {
    String message =
        cause instanceof UnknownTopicOrPartitionException
            ? "the topic " + Topics.TELEMETRY + " does not exist"
            : "Kafka does not answer";
    return new ProbeFailedException(message, cause);
  }

  private Admin admin() {
    Admin open = admin;
    if (open == null) {
      open =
          Admin.create(
              Map.of(
                  AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                  bootstrapServers,
                  AdminClientConfig.CLIENT_ID_CONFIG,
                  "tidewatch-control",
                  AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                  (int) TIMEOUT.toMillis(),
                  AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                  (int) TIMEOUT.toMillis(),
                  AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG,
                  1_000,
                  AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                  5_000));
      admin = open;
    }
    return open;
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
  }
}
