package dev.tidewatch.control.gateway.ingest;

import dev.tidewatch.events.TelemetryCodec;
import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Events into the topic {@code telemetry} through one idempotent producer, acknowledged by all
 * replicas. The producer's own buffer is larger than what {@link InFlight} lets in, so that sending
 * never waits for room; it waits, bounded, only while Kafka has not been seen yet.
 */
public final class KafkaIngest implements Ingest {
  private static final Duration CLOSE = Duration.ofSeconds(5);
  private final Supplier<Producer<byte[], byte[]>> producers;
  private @Nullable Producer<byte[], byte[]> producer;
  private boolean closed;

  /**
   * @param settings where Kafka is and how long it may take
   */
  public KafkaIngest(KafkaSettings settings) {
    this(
        () ->
            new KafkaProducer<>(
                properties(settings), new ByteArraySerializer(), new ByteArraySerializer()));
  }

  /**
   * @param producers of producers, of which one is in use at a time
   */
  KafkaIngest(Supplier<Producer<byte[], byte[]>> producers) {
    this.producers = producers;
    producer = producers.get();
  }

  /**
   * What Kafka did not take comes again from its sender. What waits behind it must not get there
   * first: the producer and all that it holds are given up, and that comes again too. On the
   * producer's own thread, so that it sends nothing more.
   */
  private synchronized void giveUp(Producer<byte[], byte[]> failed) {
    if (producer == failed) {
      producer = null;
      failed.close(Duration.ZERO);
    }
  }

  /** Made when there is something to send: without names to resolve there may be none now. */
  private synchronized Producer<byte[], byte[]> producer() {
    if (closed) {
      throw new IllegalStateException("the gateway stops");
    }
    if (producer == null) {
      producer = producers.get();
    }
    return producer;
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
  public Line line() {
    return new OrderedLine();
  }

  @Override
  public void close() {
    @Nullable Producer<byte[], byte[]> last;
    synchronized (this) {
      closed = true;
      last = producer;
    }
    if (last != null) {
      last.close(CLOSE);
    }
  }

  /**
   * One source's way to Kafka. What follows something that has failed must not get there before it
   * has come again, so the line ends with the first failure; and it moves to another producer only
   * when the one before has nothing of it any more.
   */
  private final class OrderedLine implements Line {
    private @Nullable Producer<byte[], byte[]> on;
    private int underWay;
    private @Nullable Throwable broken;

    @Override
    public CompletableFuture<@Nullable Void> ingest(List<TelemetryEvent> events) {
      Delivery delivery = new Delivery(this, events.size());
      try {
        Producer<byte[], byte[]> current = begin();
        Callback answer = delivery.on(current);
        for (TelemetryEvent event : events) {
          if (isBroken()) {
            break;
          }
          var unused = current.send(record(event), answer);
        }
      } catch (KafkaException | IllegalStateException e) {
        delivery.fail(e);
      }
      delivery.handedOver();
      return delivery.done;
    }

    private synchronized Producer<byte[], byte[]> begin() {
      if (underWay++ == 0 || on == null) {
        on = producer();
      }
      return on;
    }

    private synchronized void taken() {
      underWay--;
    }

    private synchronized void breaks(Throwable cause) {
      broken = broken == null ? cause : broken;
    }

    private synchronized boolean isBroken() {
      return broken != null;
    }

    private synchronized @Nullable Throwable cause() {
      return broken;
    }
  }

  private static ProducerRecord<byte[], byte[]> record(TelemetryEvent event) {
    return new ProducerRecord<>(Topics.TELEMETRY, TelemetryCodec.key(event), event.toByteArray());
  }

  /** Counts Kafka's answers for one call. */
  private final class Delivery {
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    private final OrderedLine line;

    /** Of the events, and one more until all have been handed over. */
    private final AtomicInteger missing;

    private volatile @Nullable Thread sending = Thread.currentThread();

    Delivery(OrderedLine line, int events) {
      this.line = line;
      missing = new AtomicInteger(events + 1);
    }

    /** All events are with the producer, or the line has broken. */
    private void handedOver() {
      sending = null;
      Throwable cause = line.cause();
      if (cause == null) {
        answered();
      } else {
        fail(cause);
      }
    }

    private void answered() {
      if (missing.decrementAndGet() == 0) {
        line.taken();
        done.complete(null);
      }
    }

    private Callback on(Producer<byte[], byte[]> current) {
      return (metadata, failure) -> {
        if (failure == null) {
          answered();
          return;
        }
        // Given up before anybody hears of it: nothing goes behind what has failed.
        if (Thread.currentThread() != sending && !isItsOwnFault(failure)) {
          giveUp(current);
        }
        fail(failure);
      };
    }

    private void fail(Throwable cause) {
      line.breaks(cause);
      done.completeExceptionally(
          new IngestFailedException("Kafka did not take it: " + cause.getMessage(), cause));
    }
  }

  /** Kafka will not take this record, whoever brings it; the others have nothing to do with it. */
  private static boolean isItsOwnFault(Exception failure) {
    return failure instanceof RecordTooLargeException || failure instanceof InvalidRecordException;
  }
}
