package dev.tidewatch.control.gateway.http;

import dev.tidewatch.control.gateway.ingest.InFlight;
import dev.tidewatch.control.gateway.ingest.Ingest;
import dev.tidewatch.control.gateway.ingest.IngestMetrics;
import dev.tidewatch.control.gateway.ingest.IngestMetrics.Way;
import dev.tidewatch.control.gateway.ingest.Quotas;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Takes events from senders that can be turned away: they ask again, or lose them knowingly. */
public final class KeyedIngest {
  private static final Duration BUSY = Duration.ofSeconds(1);
  private final Ingest ingest;
  private final InFlight inFlight;
  private final Quotas quotas;
  private final IngestMetrics metrics;

  public KeyedIngest(Ingest ingest, InFlight inFlight, Quotas quotas, IngestMetrics metrics) {
    this.ingest = ingest;
    this.inFlight = inFlight;
    this.quotas = quotas;
    this.metrics = metrics;
  }

  /** What became of the events. */
  public sealed interface Outcome {
    /** Kafka has them. */
    record Taken(int events) implements Outcome {}

    /** The tenant is over its quota. */
    record OverQuota(Duration retryAfter) implements Outcome {}

    /** The gateway or Kafka has no room now. */
    record Busy(Duration retryAfter, String reason) implements Outcome {}
  }

  /** Completes, never exceptionally, when the events' fate is known. */
  public CompletableFuture<Outcome> take(String tenant, Way way, List<TelemetryEvent> events) {
    long bytes = events.stream().mapToLong(event -> event.getPayload().size()).sum();
    Duration wait = quotas.admit(tenant, events.size(), bytes);
    if (!wait.isZero()) {
      metrics.overQuota(tenant, way, events.size());
      return CompletableFuture.completedFuture(new Outcome.OverQuota(wait));
    }
    if (!inFlight.take(bytes)) {
      return CompletableFuture.completedFuture(new Outcome.Busy(BUSY, "too much is under way"));
    }
    return ingest
        .ingest(events)
        .handle(
            (done, failure) -> {
              inFlight.release(bytes);
              if (failure != null) {
                metrics.failed(tenant, way, events.size());
                return new Outcome.Busy(BUSY, "Kafka does not take events now");
              }
              metrics.accepted(tenant, way, events.size(), bytes);
              return new Outcome.Taken(events.size());
            });
  }

  /** Events that can never be taken. */
  public void refused(String tenant, Way way, String reason, long events) {
    metrics.refused(tenant, way, reason, events);
  }
}
