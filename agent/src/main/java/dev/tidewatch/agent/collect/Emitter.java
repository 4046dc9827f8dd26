package dev.tidewatch.agent.collect;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.v1.SourceHint;
import dev.tidewatch.ingest.v1.AgentEvent;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * One collector's way to the spool: gives every event its id and time, holds it to the collector's
 * rate and to the size of a payload, and counts.
 */
public final class Emitter {
  private final String collector;
  private final EventSink sink;
  private final Limits limits;
  private final InstantSource clock;
  private final RateLimit rate;
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();

  /**
   * What a collector may emit.
   *
   * @param perSecond events; 0: no limit
   * @param maxPayloadBytes of one event; larger ones are dropped and counted
   * @param waits over the rate: wait, instead of dropping
   */
  public record Limits(int perSecond, int maxPayloadBytes, boolean waits) {}

  public Emitter(
      String collector, EventSink sink, Limits limits, InstantSource clock, LongSupplier nanoTime) {
    this.collector = collector;
    this.sink = sink;
    this.limits = limits;
    this.clock = clock;
    this.rate = new RateLimit(limits.perSecond(), nanoTime);
  }

  /**
   * As {@link #emit(SourceHint, String, ByteString, long)}, seen now, from the collector itself.
   */
  public void emit(SourceHint source, Payload payload) throws IOException, InterruptedException {
    emit(source, "", payload.json(), clock.millis() * 1000);
  }

  /**
   * Sends an event on its way; waits while the spool is full.
   *
   * @param from file or stream, for humans; empty: the collector says it all
   * @param json one JSON object
   * @param observedMicros since the Unix epoch
   */
  public void emit(SourceHint source, String from, ByteString json, long observedMicros)
      throws IOException, InterruptedException {
    if (json.size() > limits.maxPayloadBytes() || !admitted()) {
      dropped.incrementAndGet();
      return;
    }
    sink.add(
        AgentEvent.newBuilder()
            .setEventId(EventIds.bytes(EventIds.next()))
            .setObservedTimeUs(observedMicros)
            .setSource(source)
            .setPayload(json)
            .setOrigin(from.isEmpty() ? collector : collector + ":" + from)
            .build());
    events.incrementAndGet();
  }

  private synchronized boolean admitted() throws InterruptedException {
    long wait = rate.take();
    while (wait > 0 && limits.waits()) {
      TimeUnit.NANOSECONDS.sleep(wait);
      wait = rate.take();
    }
    return wait == 0;
  }

  /** Returns when everything emitted before is in the spool. */
  public void flush() throws IOException, InterruptedException {
    sink.flush();
  }

  /** Counts events that the collector's source lost before they could be read. */
  public void countLost(long count) {
    dropped.addAndGet(count);
  }

  public long events() {
    return events.get();
  }

  public long dropped() {
    return dropped.get();
  }

  public InstantSource clock() {
    return clock;
  }
}
