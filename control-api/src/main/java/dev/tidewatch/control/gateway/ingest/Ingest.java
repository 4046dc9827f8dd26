package dev.tidewatch.control.gateway.ingest;

import dev.tidewatch.events.v1.TelemetryEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Takes events into the pipeline. Thread-safe. */
public interface Ingest extends AutoCloseable {
  /**
   * Events of one source, which reach Kafka in the order in which they are given: after the first
   * that Kafka did not take, nothing is taken on this line any more. Not thread-safe; what is given
   * may be under way several times over.
   */
  interface Line {
    /**
     * Sends events of one tenant.
     *
     * @param events with tenant, event id and ingest time set
     * @return completes when all replicas have all events; exceptionally with {@link
     *     IngestFailedException} when Kafka did not take one in time, and then some of those before
     *     it may be in Kafka nevertheless
     */
    CompletableFuture<@Nullable Void> ingest(List<TelemetryEvent> events);
  }

  /** A line of its own. */
  Line line();

  /** Sends events that come from nobody who sends more before these are answered. */
  default CompletableFuture<@Nullable Void> ingest(List<TelemetryEvent> events) {
    return line().ingest(events);
  }

  @Override
  void close();
}
