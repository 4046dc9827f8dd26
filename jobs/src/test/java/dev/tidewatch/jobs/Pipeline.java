package dev.tidewatch.jobs;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidewatch.events.TelemetryCodec;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.DeadLetter;
import dev.tidewatch.events.v1.SubtaskRules;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.jobs.options.DetectionOptions;
import dev.tidewatch.store.ClickHouseEndpoint;
import dev.tidewatch.store.ClickHouseStore;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * One test's pipeline between real servers: topics and a database of its own, what goes in, and
 * what has come out.
 */
final class Pipeline implements AutoCloseable {
  private static final int LARGEST = 30 << 20;
  private final String bootstrapServers;
  private final String clickHouseUrl;
  private final String name = "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 8);
  private final KafkaProducer<byte[], byte[]> producer;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Future<?>> sending = new ArrayList<>();
  private final Map<String, Reader> readers = new ConcurrentHashMap<>();

  Pipeline(String bootstrapServers, String clickHouseUrl) {
    this.bootstrapServers = bootstrapServers;
    this.clickHouseUrl = clickHouseUrl;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "max.request.size",
                LARGEST,
                "buffer.memory",
                2L * LARGEST,
                "linger.ms",
                5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** The job's options, with quick checkpoints. */
  DetectionOptions options() throws URISyntaxException {
    Configuration configuration = new Configuration();
    configuration.set(DetectionOptions.BOOTSTRAP_SERVERS, bootstrapServers);
    configuration.set(DetectionOptions.CLICKHOUSE_URL, clickHouseUrl);
    configuration.set(DetectionOptions.CLICKHOUSE_DATABASE, name);
    configuration.set(DetectionOptions.TELEMETRY_TOPIC, telemetry());
    configuration.set(DetectionOptions.ALERTS_TOPIC, name + ".alerts");
    configuration.set(DetectionOptions.DEAD_LETTER_TOPIC, name + ".dead");
    configuration.set(DetectionOptions.LATE_MATCHES_TOPIC, name + ".late");
    configuration.set(DetectionOptions.RULES_TOPIC, rulesTopic());
    configuration.set(DetectionOptions.RULES_STATUS_TOPIC, name + ".rules.status");
    configuration.set(DetectionOptions.GROUP_ID, name);
    configuration.set(DetectionOptions.TRANSACTIONAL_ID_PREFIX, name);
    configuration.set(DetectionOptions.TOPIC_PARTITIONS, 2);
    configuration.set(DetectionOptions.CHECKPOINT_INTERVAL, Duration.ofMillis(500));
    configuration.set(DetectionOptions.RULE_PATHS, List.of(rules().toString()));
    return DetectionOptions.from(configuration);
  }

  static Path rules() throws URISyntaxException {
    return Path.of(java.util.Objects.requireNonNull(Pipeline.class.getResource("/rules")).toURI());
  }

  String rulesTopic() {
    return name + ".rules";
  }

  String telemetry() {
    return name + ".telemetry";
  }

  void send(TelemetryEvent event) {
    send(TelemetryCodec.key(event), event.toByteArray());
  }

  void send(byte[] key, byte @Nullable [] value) {
    sending.add(producer.send(new ProducerRecord<>(telemetry(), key, value)));
  }

  /** Waits until Kafka has everything that was sent. */
  void awaitSent() throws ExecutionException, InterruptedException {
    for (Future<?> record : sending) {
      record.get();
    }
    sending.clear();
  }

  /** Rows in the table {@code events}, each id once. */
  long events() throws IOException, InterruptedException {
    return number("SELECT count() FROM events FINAL");
  }

  long distinctEvents() throws IOException, InterruptedException {
    return number("SELECT uniqExact(event_id) FROM events");
  }

  long alerts() throws IOException, InterruptedException {
    return number("SELECT count() FROM alerts FINAL");
  }

  long number(String sql) throws IOException, InterruptedException {
    return Long.parseLong(text(sql));
  }

  String text(String sql) throws IOException, InterruptedException {
    String query = "database=" + name + "&query=" + URLEncoder.encode(sql, StandardCharsets.UTF_8);
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(clickHouseUrl + "/?" + query))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(response.body());
    }
    return response.body().strip();
  }

  ClickHouseStore store() {
    return ClickHouseStore.connect(ClickHouseEndpoint.of(clickHouseUrl).withDatabase(name));
  }

  /** Committed records of the alerts topic, from its beginning to its end now. */
  List<Alert> committedAlerts() {
    return read(name + ".alerts").stream().map(record -> parseAlert(record.value())).toList();
  }

  List<DeadLetter> deadLetters() {
    return read(name + ".dead").stream().map(record -> parseLetter(record.value())).toList();
  }

  /** Matches that came too late, as JSON. */
  List<byte[]> lateMatches() {
    return read(name + ".late").stream().map(ConsumerRecord::value).toList();
  }

  /** All reports of what runs, in order. */
  List<SubtaskRules> ruleStatus() {
    return read(name + ".rules.status").stream()
        .map(record -> parseStatus(record.value()))
        .toList();
  }

  private static SubtaskRules parseStatus(byte[] value) {
    try {
      return SubtaskRules.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    Reader reader = readers.computeIfAbsent(topic, Reader::new);
    if (reader.partitions.isEmpty()) {
      readers.remove(topic, reader); // not there yet
      reader.close();
      return List.of();
    }
    return reader.toTheEndNow();
  }

  /** Everything committed in a topic. Goes on from where it was: it is asked many times a test. */
  private final class Reader implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    Reader(String topic) {
      consumer =
          new KafkaConsumer<>(
              Map.of(
                  "bootstrap.servers", bootstrapServers,
                  "isolation.level", "read_committed",
                  "fetch.max.wait.ms", 50,
                  "fetch.max.bytes", LARGEST,
                  "max.partition.fetch.bytes", LARGEST),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer());
      partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    }

    synchronized List<ConsumerRecord<byte[], byte[]>> toTheEndNow() {
      Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
      while (end.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
      return List.copyOf(records);
    }

    @Override
    public synchronized void close() {
      consumer.close();
    }
  }

  private static Alert parseAlert(byte[] value) {
    try {
      return Alert.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static DeadLetter parseLetter(byte[] value) {
    try {
      return DeadLetter.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    readers.values().forEach(Reader::close);
    producer.close(Duration.ofSeconds(5));
  }
}
