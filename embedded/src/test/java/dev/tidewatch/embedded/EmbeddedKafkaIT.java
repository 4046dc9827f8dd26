package dev.tidewatch.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
  @TempDir static Path data;
  private static EmbeddedKafka kafka;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start(data, 0);
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void keepsRecordsPortAndTopicsAcrossStopAndStart() throws Exception {
    kafka.createTopic("kept", 2, Map.of("retention.ms", "-1"));
    kafka.createTopic("kept", 2);
    String before = kafka.bootstrapServers();
    produce("kept", "one".getBytes(UTF_8));

    kafka.stop();
    assertThat(kafka.isAlive()).isFalse();
    kafka.start();

    assertThat(kafka.isAlive()).isTrue();
    assertThat(kafka.bootstrapServers()).isEqualTo(before);
    produce("kept", "two".getBytes(UTF_8));
    assertThat(consume("kept", 2, "read_uncommitted")).containsExactly("one", "two");
  }

  @Test
  void producerWaitsOutAStop() throws Exception {
    kafka.createTopic("outage", 1);
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      producer.send(new ProducerRecord<>("outage", "before".getBytes(UTF_8))).get();
      kafka.stop();
      // A producer that has seen its only broker leave has no metadata: send() itself blocks.
      var during =
          CompletableFuture.supplyAsync(
              () -> producer.send(new ProducerRecord<>("outage", "during".getBytes(UTF_8))));
      kafka.start();
      during.get().get();
    }
    assertThat(consume("outage", 2, "read_uncommitted")).containsExactly("before", "during");
  }

  @Test
  void carriesATwentyMegabyteRecord() throws Exception {
    kafka.createTopic("large", 1);
    byte[] value = new byte[20 << 20];
    new Random(7).nextBytes(value);
    produce("large", value);
    try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
      TopicPartition partition = new TopicPartition("large", 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      assertThat(consumer.poll(Duration.ofSeconds(20)).iterator().next().value()).isEqualTo(value);
    }
  }

  @Test
  void abortedTransactionsStayUnseen() throws Exception {
    kafka.createTopic("transactional", 1);
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "it"))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("transactional", "aborted".getBytes(UTF_8))).get();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("transactional", "committed".getBytes(UTF_8)));
      producer.commitTransaction();
    }
    assertThat(consume("transactional", 1, "read_committed")).containsExactly("committed");
  }

  @Test
  void refusesADirectoryInUseAndNamesThePid() {
    assertThatThrownBy(() -> EmbeddedKafka.start(data, 0))
        .isInstanceOf(EmbeddedServerException.class)
        .hasMessageContaining(data.toString())
        .hasMessageContaining("pid " + ProcessHandle.current().pid());
    assertThat(kafka.isAlive()).isTrue();
  }

  @Test
  void namesATakenPort(@TempDir Path other) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> EmbeddedKafka.start(other, taken.getLocalPort()))
          .isInstanceOf(EmbeddedServerException.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
    }
    EmbeddedKafka.start(other, 0).close();
  }

  @Test
  void kafkaCannotEndTheProcess(@TempDir Path other) {
    try (EmbeddedKafka victim = EmbeddedKafka.start(other, 0)) {
      assertThatThrownBy(() -> Exit.halt(1, "all log directories failed"))
          .isInstanceOf(KafkaFaults.ProcessExitRefused.class);
      assertThat(victim.isAlive()).isFalse();
      assertThat(victim.failure()).get().asString().contains("all log directories failed");
      victim.stop();
      victim.start();
      assertThat(victim.isAlive()).isTrue();
    }
    kafka.stop();
    kafka.start();
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, String> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put("bootstrap.servers", kafka.bootstrapServers());
    config.put("max.request.size", KafkaOptions.DEFAULT_MAX_RECORD_BYTES);
    config.put("buffer.memory", 2L * KafkaOptions.DEFAULT_MAX_RECORD_BYTES);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static void produce(String topic, byte[] value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      producer.send(new ProducerRecord<>(topic, 0, null, value)).get();
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String isolation) {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", isolation),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** The first {@code count} values of partition 0. */
  private static List<String> consume(String topic, int count, String isolation) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(isolation)) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (values.size() < count && System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          values.add(new String(record.value(), UTF_8));
        }
      }
    }
    return values;
  }
}
