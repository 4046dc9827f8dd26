package dev.tidewatch.control.gateway.ingest;

import dev.tidewatch.events.TelemetryCodec;
import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Events into the topic {@code telemetry} through one idempotent producer, acknowledged by all
 * replicas. The producer's own buffer is larger than what {@link InFlight} lets in, so that sending
 * never waits for room; it waits, bounded, only while Kafka has not been seen yet.
 */
public final class KafkaIngest implements Ingest {
  /** Where a producer answers for what it had accepted. */
  private static final String NETWORK_THREAD = "kafka-producer-network-thread";

  private static final Duration CLOSE = Duration.ofSeconds(5);
  private final KafkaSettings settings;
  private volatile KafkaProducer<byte[], byte[]> producer;
  private boolean closed;

  /**
   * @param settings where Kafka is and how long it may take
   */
  public KafkaIngest(KafkaSettings settings) {
    this.settings = settings;
    producer = create(settings);
  }

  private static KafkaProducer<byte[], byte[]> create(KafkaSettings settings) {
    return new KafkaProducer<>(
        properties(settings), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * What Kafka did not take in time comes again from its sender. What waits behind it must not get
   * there first: the producer and all that it holds are given up, and that comes again too.
   */
  private synchronized void giveUp(KafkaProducer<byte[], byte[]> failed) {
    if (producer == failed && !closed) {
      failed.close(Duration.ZERO);
      producer = create(settings);
    }
  }

  /**
   * @param bootstrapServers {@code host:port,…}
   * @param deliveryTimeout after which events that Kafka has not taken count as failed
   * @param firstContact how long sending may wait while Kafka has not answered yet
   * @param maxRecordBytes largest event with its envelope
   * @param bufferBytes memory for events on their way
   */
  public record KafkaSettings(
      String bootstrapServers,
      Duration deliveryTimeout,
      Duration firstContact,
      int maxRecordBytes,
      long bufferBytes) {}

  private static Map<String, Object> properties(KafkaSettings settings) {
    int delivery = Math.toIntExact(settings.deliveryTimeout().toMillis());
    return Map.ofEntries(
        Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers()),
        Map.entry(ProducerConfig.CLIENT_ID_CONFIG, "tidewatch-gateway"),
        Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
        Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
        Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"),
        Map.entry(ProducerConfig.LINGER_MS_CONFIG, 2),
        Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10),
        Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, settings.bufferBytes()),
        Map.entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, settings.maxRecordBytes()),
        Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery),
        Map.entry(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, delivery / 2)),
        Map.entry(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500L),
        Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, settings.firstContact().toMillis()));
  }

  @Override
  public CompletableFuture<@Nullable Void> ingest(List<TelemetryEvent> events) {
    KafkaProducer<byte[], byte[]> current = producer;
    Delivery delivery = new Delivery(events.size(), () -> giveUp(current));
    for (TelemetryEvent event : events) {
      try {
        var unused =
            current.send(
                new ProducerRecord<>(
                    Topics.TELEMETRY, TelemetryCodec.key(event), event.toByteArray()),
                delivery);
      } catch (KafkaException | IllegalStateException e) {
        delivery.fail(e);
        break;
      }
    }
    return delivery.done;
  }

  @Override
  public void close() {
    KafkaProducer<byte[], byte[]> last;
    synchronized (this) {
      closed = true;
      last = producer;
    }
    last.close(CLOSE);
  }

  /** Counts Kafka's answers for one call. */
  private static final class Delivery implements Callback {
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    private final AtomicInteger missing;
    private final Runnable giveUp;

    Delivery(int events, Runnable giveUp) {
      this.giveUp = giveUp;
      missing = new AtomicInteger(events);
      if (events == 0) {
        done.complete(null);
      }
    }

    @Override
    public void onCompletion(RecordMetadata metadata, @Nullable Exception failure) {
      if (failure != null) {
        fail(failure);
        if (failure instanceof TimeoutException
            && Thread.currentThread().getName().startsWith(NETWORK_THREAD)) {
          giveUp.run();
        }
      } else if (missing.decrementAndGet() == 0) {
        done.complete(null);
      }
    }

    private void fail(Exception cause) {
      done.completeExceptionally(
          new IngestFailedException("Kafka did not take it: " + cause.getMessage(), cause));
    }
  }
}
