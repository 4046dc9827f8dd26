package dev.tidewatch.control.gateway.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What came in and what was held back, by tenant and way in: for operating the gateway and for
 * billing.
 */
public final class IngestMetrics {
  private final MeterRegistry registry;
  private final UsageTotals usage = new UsageTotals();
  private final ConcurrentHashMap<String, Counters> counters = new ConcurrentHashMap<>();

  /** The ways in. */
  public enum Way {
    AGENT,
    OTLP,
    HTTP,
    SYSLOG;

    /** As metrics and the database have it. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public IngestMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** The same by tenant and way, to be written down. */
  public UsageTotals usage() {
    return usage;
  }

  /** Kafka has these. */
  public void accepted(String tenant, Way way, long events, long bytes) {
    Counters of = of(tenant, way);
    of.events.increment(events);
    of.bytes.increment(bytes);
    usage.accepted(tenant, way, events, bytes);
  }

  /** Refused for good: malformed or too large. */
  public void refused(String tenant, Way way, String reason, long events) {
    registry
        .counter(
            "tidewatch.gateway.refused", "tenant", tenant, "way", way.label(), "reason", reason)
        .increment(events);
    usage.refused(tenant, way, events);
  }

  /** Batches that had come before. */
  public void duplicate(String tenant) {
    registry.counter("tidewatch.gateway.duplicate.batches", "tenant", tenant).increment();
  }

  /** A quota held the tenant back, over that many events. */
  public void overQuota(String tenant, Way way, long events) {
    Counters of = of(tenant, way);
    of.overQuota.increment();
    of.overQuotaEvents.increment(events);
    usage.overQuota(tenant, way, events);
  }

  /** Kafka did not take it in time; the sender was told so. */
  public void failed(String tenant, Way way, long events) {
    of(tenant, way).failed.increment(events);
  }

  private Counters of(String tenant, Way way) {
    return counters.computeIfAbsent(
        way + "\0" + tenant, key -> new Counters(registry, tenant, way.label()));
  }

  private static final class Counters {
    private final Counter events;
    private final Counter bytes;
    private final Counter overQuota;
    private final Counter overQuotaEvents;
    private final Counter failed;

    Counters(MeterRegistry registry, String tenant, String way) {
      events = counter(registry, "events", "events that Kafka has", tenant, way);
      bytes = counter(registry, "event.bytes", "their uncompressed bytes", tenant, way);
      overQuota = counter(registry, "over.quota", "times a quota held back", tenant, way);
      overQuotaEvents =
          counter(registry, "over.quota.events", "events that this was about", tenant, way);
      failed = counter(registry, "failed.events", "events Kafka did not take", tenant, way);
    }

    private static Counter counter(
        MeterRegistry registry, String name, String description, String tenant, String way) {
      return Counter.builder("tidewatch.gateway." + name)
          .description(description)
          .tag("tenant", tenant)
          .tag("way", way)
          .register(registry);
    }
  }
}
