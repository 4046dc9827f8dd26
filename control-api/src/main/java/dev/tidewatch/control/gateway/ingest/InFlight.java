package dev.tidewatch.control.gateway.ingest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Bytes of events that have been received and that Kafka has not acknowledged: the bound on what
 * the gateway holds in memory. Below the soft limit senders are read from; from there on nobody is
 * asked for more ({@link #whenRoom}); what still arrives, because it was under way, is taken up to
 * twice the soft limit and refused beyond ({@link #take}).
 */
public final class InFlight {
  private final long softLimit;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private long bytes;

  /**
   * @param softLimit in bytes
   */
  public InFlight(long softLimit) {
    this.softLimit = softLimit;
  }

  /** Reserves {@code amount} bytes; false when there is no room for them. */
  public synchronized boolean take(long amount) {
    if (bytes + amount > 2 * softLimit) {
      return false;
    }
    bytes += amount;
    return true;
  }

  /** Gives bytes back and lets those go on who wait, as far as there is room. */
  public void release(long amount) {
    List<Runnable> next = new ArrayList<>();
    synchronized (this) {
      bytes -= amount;
      // Each that goes on may bring a block; the share keeps a crowd from starting at once.
      long room = Math.max(1, (softLimit - bytes) >> 18);
      while (bytes < softLimit && !waiting.isEmpty() && room-- > 0) {
        next.add(waiting.remove());
      }
    }
    next.forEach(Runnable::run);
  }

  /** Runs {@code reader} now when there is room, else when there is again. */
  public void whenRoom(Runnable reader) {
    synchronized (this) {
      if (bytes >= softLimit) {
        waiting.add(reader);
        return;
      }
    }
    reader.run();
  }

  public synchronized long bytes() {
    return bytes;
  }

  public synchronized int waiting() {
    return waiting.size();
  }
}
