package dev.tidewatch.cli;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.SourceHint;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.events.v1.TimePolicy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Puts events into the topic {@code telemetry}: idempotent, acknowledged by all replicas. What
 * Kafka refuses is counted and kept as {@link #firstFailure()}.
 */
final class TelemetrySender implements AutoCloseable {
  private static final int MAX_REQUEST_BYTES = 32 << 20;

  private final KafkaProducer<byte[], byte[]> producer;
  private final String tenant;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicReference<@Nullable String> firstFailure = new AtomicReference<>();

  TelemetrySender(String bootstrapServers, String tenant) {
    Properties properties = new Properties();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, "tidewatch-cli");
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, "5");
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(128 << 10));
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(64 << 20));
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(MAX_REQUEST_BYTES));
    producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    this.tenant = tenant;
  }

  /**
   * Sends one payload as it is, whether it can be read or not: the pipeline decides and keeps what
   * it cannot read.
   *
   * @param origin where it came from, for humans
   * @param reporter host that reports it, where the sender knows; empty takes the payload's
   * @param hint what is known of its source; {@link LogSource#UNKNOWN} leaves it to recognition
   * @param wallTime the event's time instead of its own; null keeps the payload's
   */
  void send(
      byte[] payload, String origin, String reporter, LogSource hint, @Nullable Instant wallTime) {
    long now = micros(Instant.now());
    String host = reporter.isEmpty() ? host(payload) : reporter;
    TelemetryEvent.Builder event =
        TelemetryEvent.newBuilder()
            .setTenantId(tenant)
            .setEventId(EventIds.bytes(EventIds.next()))
            .setObservedTimeUs(wallTime == null ? now : micros(wallTime))
            .setIngestTimeUs(now)
            .setHost(host)
            .setOrigin(origin)
            .setPayload(ByteString.copyFrom(payload));
    if (wallTime != null) {
      event.setTimePolicy(TimePolicy.TIME_POLICY_OBSERVED);
    }
    if (!hint.equals(LogSource.UNKNOWN)) {
      event.setSource(
          SourceHint.newBuilder()
              .setProduct(hint.product())
              .setCategory(hint.category())
              .setService(hint.service()));
    }
    byte[] key = (tenant + '\0' + host).getBytes(StandardCharsets.UTF_8);
    producer.send(
        new ProducerRecord<>(Topics.TELEMETRY, key, event.build().toByteArray()),
        (metadata, exception) -> {
          if (exception == null) {
            acknowledged.incrementAndGet();
          } else {
            failed.incrementAndGet();
            firstFailure.compareAndSet(null, origin + ": " + exception.getMessage());
          }
        });
  }

  private static String host(byte[] payload) {
    try {
      return EventDocument.parse(payload).host();
    } catch (MalformedEventException e) {
      return "";
    }
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  long acknowledged() {
    return acknowledged.get();
  }

  long failed() {
    return failed.get();
  }

  @Nullable String firstFailure() {
    return firstFailure.get();
  }

  /** Waits until Kafka has answered for everything that was sent. */
  void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
  }
}
