package dev.tidewatch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidewatch.embedded.junit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class SmallDiskIT {
  @Test
  void isSmallFillsUpAndGoesAway() throws IOException {
    Optional<SmallDisk> mounted = SmallDisk.tryMount(4);
    assumeTrue(mounted.isPresent(), "not permitted to mount a tmpfs");
    Path file;
    try (SmallDisk disk = mounted.get()) {
      file = disk.directory().resolve("file");
      Files.write(file, new byte[1 << 20]);
      disk.fill();
      assertThat(disk.freeBytes()).isZero();
      assertThatThrownBy(() -> Files.write(file.resolveSibling("more"), new byte[1 << 20]))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left");
      disk.free();
      Files.write(file.resolveSibling("more"), new byte[1 << 20]);
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void kafkaOnAFullDiskFailsVisiblyAndComesBack() throws Exception {
    Optional<SmallDisk> mounted = SmallDisk.tryMount(64);
    assumeTrue(mounted.isPresent(), "not permitted to mount a tmpfs");
    try (SmallDisk disk = mounted.get();
        EmbeddedKafka kafka = EmbeddedKafka.start(disk.directory(), 0)) {
      kafka.createTopic("full", 1);
      send(kafka, 1000);
      disk.fill();
      assertThatThrownBy(() -> send(kafka, 1_000_000)).isInstanceOf(Exception.class);
      await().atMost(Duration.ofSeconds(20)).until(() -> !kafka.isAlive());
      assertThat(kafka.failure()).isPresent();

      disk.free();
      kafka.stop();
      kafka.start();
      assertThat(kafka.isAlive()).isTrue();
      send(kafka, 1000);
    }
  }

  private static void send(EmbeddedKafka kafka, int bytes) throws Exception {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "max.block.ms",
            5000,
            "request.timeout.ms",
            1000,
            "delivery.timeout.ms",
            2000,
            "linger.ms",
            0,
            "max.request.size",
            2_000_000);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>("full", new byte[bytes])).get();
    }
  }
}
