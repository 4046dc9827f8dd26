package dev.tidewatch.benchmarks;

import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends telemetry, all at once or at a rate, and remembers when Kafka took what. */
final class TelemetryProducer implements AutoCloseable {
  private static final long STEP_NANOS = 5_000_000;
  private final CorpusTelemetry telemetry;
  private final KafkaProducer<byte[], byte[]> producer;

  TelemetryProducer(String bootstrapServers, CorpusTelemetry telemetry) {
    this.telemetry = telemetry;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "linger.ms",
                1,
                "batch.size",
                256 << 10,
                "max.request.size",
                32 << 20,
                "compression.type",
                "lz4"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Sends as fast as Kafka takes it, spread over the partitions. */
  void send(int events) {
    for (int i = 0; i < events; i++) {
      var unused = producer.send(record(telemetry.next()));
    }
    producer.flush();
  }

  /**
   * Sends {@code rate} events a second for {@code seconds}.
   *
   * @param appended gets event id to the time at which Kafka took it, milliseconds
   */
  void sendAt(int rate, int seconds, ConcurrentHashMap<String, Long> appended) {
    long start = System.nanoTime();
    long total = (long) rate * seconds;
    for (long sent = 0; sent < total; ) {
      long due = Math.min(total, (System.nanoTime() - start) * rate / 1_000_000_000L);
      for (; sent < due; sent++) {
        TelemetryEvent event = telemetry.next();
        String id = EventIds.uuid(event.getEventId()).toString();
        var unused =
            producer.send(
                record(event),
                (metadata, failure) -> {
                  if (failure == null) {
                    appended.put(id, metadata.timestamp());
                  }
                });
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
    producer.flush();
  }

  private static ProducerRecord<byte[], byte[]> record(TelemetryEvent event) {
    return new ProducerRecord<>(Topics.TELEMETRY, event.toByteArray());
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
