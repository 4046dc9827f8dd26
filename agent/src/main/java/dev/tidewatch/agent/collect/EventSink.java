package dev.tidewatch.agent.collect;

import dev.tidewatch.ingest.v1.AgentEvent;
import java.io.IOException;

/** Where events go on their way to the spool. */
public interface EventSink {
  /** Takes the event; waits while the spool is full. */
  void add(AgentEvent event) throws IOException, InterruptedException;

  /** Returns when everything that was added before is in the spool. */
  void flush() throws IOException, InterruptedException;
}
