package dev.tidewatch.benchmarks.agent;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Start events of the loop's processes, read from Kafka.
 *
 * @param starts all of them, told from others by their parent or their command line
 * @param images of them those that say what was run
 * @param commandLines of them those with the command line
 * @param twice events whose id was there already
 */
record ReceivedStarts(long starts, long images, long commandLines, long twice) {
  /** Reads the topic from its beginning to what is its end now. */
  static ReceivedStarts read(String kafka, int partitions, long parent)
      throws InvalidProtocolBufferException {
    Count count = new Count("\"ParentProcessId\":" + parent + ",");
    List<TopicPartition> all =
        IntStream.range(0, partitions)
            .mapToObj(i -> new TopicPartition(Topics.TELEMETRY, i))
            .toList();
    Map<String, Object> options =
        Map.of("bootstrap.servers", kafka, "isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(options, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> end = consumer.endOffsets(all);
      while (all.stream().anyMatch(p -> consumer.position(p) < end.getOrDefault(p, 0L))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          count.add(TelemetryEvent.parseFrom(record.value()));
        }
      }
    }
    return new ReceivedStarts(count.starts, count.images, count.commandLines, count.twice);
  }

  private static final class Count {
    private final String parent;
    private final Set<ByteString> seen = new HashSet<>();
    private long starts;
    private long images;
    private long commandLines;
    private long twice;

    Count(String parent) {
      this.parent = parent;
    }

    void add(TelemetryEvent event) {
      if (!event.getSource().getCategory().equals("process_creation")) {
        return;
      }
      String json = event.getPayload().toStringUtf8();
      boolean marked = json.contains(ExecLoop.MARK);
      // Behind the comma there is more of the parent: a cut number would be another's.
      if (!marked && !json.contains(parent)) {
        return;
      }
      if (!seen.add(event.getEventId())) {
        twice++;
        return;
      }
      starts++;
      commandLines += marked ? 1 : 0;
      images += json.contains("\"Image\":\"") ? 1 : 0;
    }
  }
}
