package dev.tidewatch.control.gateway.ingest;

import dev.tidewatch.control.gateway.ingest.IngestMetrics.Way;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What came in since somebody asked last, by tenant and way in. Thread-safe. */
public final class UsageTotals {
  private final ConcurrentHashMap<Key, Adders> totals = new ConcurrentHashMap<>();

  /** Whose and how. */
  public record Key(String tenant, Way way) {}

  /**
   * @param events that Kafka has
   * @param bytes of those
   * @param overQuota times that a quota held back
   * @param overQuotaEvents events that this was about
   * @param refusedEvents for good
   */
  public record Usage(
      long events, long bytes, long overQuota, long overQuotaEvents, long refusedEvents) {
    boolean isNone() {
      return (events | bytes | overQuota | overQuotaEvents | refusedEvents) == 0;
    }
  }

  private static final class Adders {
    private final LongAdder events = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder overQuota = new LongAdder();
    private final LongAdder overQuotaEvents = new LongAdder();
    private final LongAdder refused = new LongAdder();

    Usage drain() {
      return new Usage(
          events.sumThenReset(),
          bytes.sumThenReset(),
          overQuota.sumThenReset(),
          overQuotaEvents.sumThenReset(),
          refused.sumThenReset());
    }
  }

  void accepted(String tenant, Way way, long events, long bytes) {
    Adders of = of(tenant, way);
    of.events.add(events);
    of.bytes.add(bytes);
  }

  void overQuota(String tenant, Way way, long events) {
    Adders of = of(tenant, way);
    of.overQuota.increment();
    of.overQuotaEvents.add(events);
  }

  void refused(String tenant, Way way, long events) {
    of(tenant, way).refused.add(events);
  }

  private Adders of(String tenant, Way way) {
    return totals.computeIfAbsent(new Key(tenant, way), key -> new Adders());
  }

  /** Takes what has come together; nothing is counted twice. */
  public Map<Key, Usage> drain() {
    Map<Key, Usage> drained = new HashMap<>();
    totals.forEach(
        (key, adders) -> {
          Usage usage = adders.drain();
          if (!usage.isNone()) {
            drained.put(key, usage);
          }
        });
    return drained;
  }

  /** What could not be written down counts again. */
  public void giveBack(Key key, Usage usage) {
    Adders of = of(key.tenant(), key.way());
    of.events.add(usage.events());
    of.bytes.add(usage.bytes());
    of.overQuota.add(usage.overQuota());
    of.overQuotaEvents.add(usage.overQuotaEvents());
    of.refused.add(usage.refusedEvents());
  }
}
