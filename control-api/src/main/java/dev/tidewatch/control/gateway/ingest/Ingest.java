package dev.tidewatch.control.gateway.ingest;

import dev.tidewatch.events.v1.TelemetryEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Takes events into the pipeline. Thread-safe; events of one caller stay in order. */
public interface Ingest extends AutoCloseable {
  /**
   * Sends events of one tenant.
   *
   * @param events with tenant, event id and ingest time set
   * @return completes when all replicas have all events; exceptionally with {@link
   *     IngestFailedException} when Kafka did not take one in time, and then some of the others may
   *     be in Kafka nevertheless
   */
  CompletableFuture<@Nullable Void> ingest(List<TelemetryEvent> events);

  @Override
  void close();
}
