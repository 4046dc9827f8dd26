package dev.tidewatch.embedded.clickhouse;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections without a session that wait for another request of the same kind. A connection, its
 * database and its settings take several statements of the engine, milliseconds of CPU, which a
 * query by key does not; and a client asks everything with the same settings. Only connections
 * whose request left nothing behind come here: reads and inserts of rows that went well.
 * Thread-safe.
 */
final class ReadyConnections implements AutoCloseable {
  /**
   * What a connection was prepared with.
   *
   * @param database empty for the default one
   * @param readOnly the engine refuses to change anything
   */
  record Prepared(String database, Map<String, String> settings, boolean readOnly) {
    Prepared {
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
  }

  private record Waiting(Prepared prepared, EngineConnection connection, long sinceNanos) {}

  private static final int MOST = 32;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private boolean closed;

  /** One that was prepared so, the last that was used; null when there is none. */
  synchronized @Nullable EngineConnection take(Prepared prepared) {
    for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
      Waiting next = all.next();
      if (next.prepared.equals(prepared)) {
        all.remove();
        return next.connection;
      }
    }
    return null;
  }

  /** Keeps {@code connection} for the next, or ends it, or the one that nobody used for longest. */
  void give(Prepared prepared, EngineConnection connection) {
    EngineConnection over = add(prepared, connection);
    if (over != null) {
      over.close();
    }
  }

  private synchronized @Nullable EngineConnection add(
      Prepared prepared, EngineConnection connection) {
    if (closed) {
      return connection;
    }
    waiting.addFirst(new Waiting(prepared, connection, System.nanoTime()));
    return waiting.size() > MOST ? waiting.removeLast().connection : null;
  }

  /** Ends connections that nobody used for half a minute. */
  synchronized void endIdle() {
    long now = System.nanoTime();
    while (!waiting.isEmpty() && now - waiting.getLast().sinceNanos > LONGEST_NANOS) {
      waiting.removeLast().connection.close();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    waiting.forEach(idle -> idle.connection.close());
    waiting.clear();
  }
}
