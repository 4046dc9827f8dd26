package dev.tidewatch.agent.collect;

import dev.tidewatch.ingest.v1.AgentEvent;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what is emitted. */
public final class RecordingSink implements EventSink {
  private final List<AgentEvent> events = new CopyOnWriteArrayList<>();

  @Override
  public void add(AgentEvent event) {
    events.add(event);
  }

  @Override
  public void flush() {}

  /** An emitter without limits into this sink. */
  public Emitter emitter(String collector) {
    return new Emitter(
        collector,
        this,
        new Emitter.Limits(0, 1 << 20, false),
        InstantSource.system(),
        System::nanoTime);
  }

  public List<AgentEvent> events() {
    return events;
  }

  public List<String> payloads() {
    return events.stream().map(event -> event.getPayload().toStringUtf8()).toList();
  }

  /** Payloads of events of a Sigma category. */
  public List<String> of(String category) {
    return events.stream()
        .filter(event -> event.getSource().getCategory().equals(category))
        .map(event -> event.getPayload().toStringUtf8())
        .toList();
  }

  public void clear() {
    events.clear();
  }
}
