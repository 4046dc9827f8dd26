package dev.tidewatch.benchmarks.chaos;

import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the events in order at a rate until told to stop. An event counts as sent when Kafka has
 * acknowledged it; the idempotent producer sends on through a broker's death and never doubles.
 */
final class ChaosLoad implements AutoCloseable {
  private static final long STEP_NANOS = 5_000_000;

  /** As an endpoint's spool would: events wait, they do not pile up in memory. */
  private static final int MOST_IN_FLIGHT = 20_000;

  private final KafkaProducer<byte[], byte[]> producer;
  private final ChaosTelemetry telemetry;
  private final int rate;
  private final int partitions;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private volatile boolean stopping;
  private volatile long sent;
  private final Thread thread;

  private ChaosLoad(String bootstrapServers, ChaosTelemetry telemetry, int rate, int partitions) {
    this.telemetry = telemetry;
    this.rate = rate;
    this.partitions = partitions;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                "acks", "all",
                "enable.idempotence", true,
                "linger.ms", 5,
                "delivery.timeout.ms", 600_000,
                "request.timeout.ms", 5_000,
                "max.block.ms", 600_000,
                "reconnect.backoff.max.ms", 500),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    thread = new Thread(this::run, "chaos-load");
  }

  static ChaosLoad start(
      String bootstrapServers, ChaosTelemetry telemetry, int rate, int partitions) {
    ChaosLoad load = new ChaosLoad(bootstrapServers, telemetry, rate, partitions);
    load.thread.start();
    return load;
  }

  private void run() {
    long start = System.nanoTime();
    while (!stopping && failure.get() == null) {
      long due = (long) ((System.nanoTime() - start) / 1e9 * rate);
      while (sent < due && sent - acknowledged.get() < MOST_IN_FLIGHT && !stopping) {
        send(telemetry.event(sent));
        sent++;
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
  }

  private void send(TelemetryEvent event) {
    byte[] key = (event.getTenantId() + '\0' + event.getHost()).getBytes(StandardCharsets.UTF_8);
    send(new ProducerRecord<>(Topics.TELEMETRY, key, event.toByteArray()));
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    var unused =
        producer.send(
            record,
            (metadata, error) -> {
              if (error == null) {
                acknowledged.incrementAndGet();
              } else {
                failure.compareAndSet(null, error);
              }
            });
  }

  /**
   * Sends no more events, then one far ahead in time to each partition, so that every window ends.
   *
   * @return how many events there are, without the last ones
   * @throws IllegalStateException when Kafka refused one
   */
  long finish() {
    stopping = true;
    join();
    long events = sent;
    for (int hour = 1; hour <= 2; hour++) {
      for (int partition = 0; partition < partitions; partition++) {
        TelemetryEvent last = telemetry.last(events + hour * 1_000L + partition, hour);
        send(new ProducerRecord<>(Topics.TELEMETRY, partition, null, last.toByteArray()));
      }
    }
    producer.flush();
    Exception refused = failure.get();
    if (refused != null || acknowledged.get() != events + 2L * partitions) {
      throw new IllegalStateException(
          "%d of %d events acknowledged: %s".formatted(acknowledged.get(), events, refused));
    }
    return events;
  }

  private void join() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    stopping = true;
    producer.close(Duration.ofSeconds(1));
    thread.interrupt();
  }
}
