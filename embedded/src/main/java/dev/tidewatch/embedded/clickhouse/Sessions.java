package dev.tidewatch.embedded.clickhouse;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections that outlive a request ({@code session_id}), with their temporary tables and {@code
 * SET}s. One request at a time may use a session; idle ones end after their timeout. Requests
 * without one share {@link ReadyConnections}.
 */
final class Sessions implements AutoCloseable {
  private static final int MAX_SESSIONS = 200;
  private static final int DEFAULT_TIMEOUT_SECONDS = 60;
  private static final int MAX_TIMEOUT_SECONDS = 3600;

  private final Engine engine;
  private final ReadyConnections ready = new ReadyConnections();
  private final Map<String, Session> byId = new ConcurrentHashMap<>();

  Sessions(Engine engine) {
    this.engine = engine;
  }

  private static final class Session {
    final EngineConnection connection;
    boolean used;
    long idleDeadlineNanos;

    Session(EngineConnection connection) {
      this.connection = connection;
    }
  }

  /** A connection for one request; closing gives it back or ends it. */
  final class Lease implements AutoCloseable {
    private final EngineConnection connection;
    private final @Nullable String sessionId;
    private final long timeoutNanos;
    private final boolean last;
    private final boolean prepared;
    private ReadyConnections.@Nullable Prepared keptAs;

    private Lease(
        EngineConnection connection,
        @Nullable String sessionId,
        long timeoutNanos,
        boolean last,
        boolean prepared) {
      this.connection = connection;
      this.sessionId = sessionId;
      this.timeoutNanos = timeoutNanos;
      this.last = last;
      this.prepared = prepared;
    }

    /** Whether the connection has the database and the settings of the request already. */
    boolean prepared() {
      return prepared;
    }

    /** The request went well and left nothing behind on the connection. */
    void keep(ReadyConnections.Prepared as) {
      keptAs = as;
    }

    EngineConnection connection() {
      return connection;
    }

    boolean inSession() {
      return sessionId != null;
    }

    @Override
    public void close() {
      if (sessionId == null && keptAs != null) {
        ready.give(keptAs, connection);
      } else if (sessionId == null) {
        connection.close();
      } else {
        release(sessionId, timeoutNanos, last);
      }
    }
  }

  /** A connection as the request asks: of its session, a ready one, or a fresh one. */
  Lease lease(RequestParameters parameters, ReadyConnections.Prepared prepared) {
    String id = parameters.get("session_id");
    if (id == null) {
      EngineConnection found = ready.take(prepared);
      return new Lease(found == null ? engine.connect() : found, null, 0, true, found != null);
    }
    int timeout =
        parameters.number("session_timeout", 1, MAX_TIMEOUT_SECONDS, DEFAULT_TIMEOUT_SECONDS);
    return new Lease(
        use(id, parameters.isSet("session_check")),
        id,
        TimeUnit.SECONDS.toNanos(timeout),
        parameters.isSet("close_session"),
        false);
  }

  private synchronized EngineConnection use(String id, boolean mustExist) {
    endIdle();
    Session session = byId.get(id);
    if (session == null) {
      session = open(id, mustExist);
    } else if (session.used) {
      throw ClickHouseException.of(
          ClickHouseException.SESSION_IS_LOCKED,
          "SESSION_IS_LOCKED",
          "Session " + id + " is locked by a concurrent client");
    }
    session.used = true;
    return session.connection;
  }

  private Session open(String id, boolean mustExist) {
    if (mustExist) {
      throw ClickHouseException.of(
          ClickHouseException.SESSION_NOT_FOUND,
          "SESSION_NOT_FOUND",
          "Session " + id + " not found");
    }
    if (byId.size() >= MAX_SESSIONS) {
      throw ClickHouseException.of(
          ClickHouseException.TOO_MANY_SIMULTANEOUS_QUERIES,
          "TOO_MANY_SIMULTANEOUS_QUERIES",
          "Too many sessions; maximum: " + MAX_SESSIONS);
    }
    Session session = new Session(engine.connect());
    byId.put(id, session);
    return session;
  }

  private synchronized void release(String id, long timeoutNanos, boolean last) {
    Session session = byId.get(id);
    if (session == null) {
      return;
    }
    session.used = false;
    session.idleDeadlineNanos = System.nanoTime() + timeoutNanos;
    if (last) {
      byId.remove(id);
      session.connection.close();
    }
  }

  /** Ends sessions that were idle for too long. */
  synchronized void endIdle() {
    ready.endIdle();
    long now = System.nanoTime();
    byId.values()
        .removeIf(
            session -> {
              boolean over = !session.used && session.idleDeadlineNanos - now < 0;
              if (over) {
                session.connection.close();
              }
              return over;
            });
  }

  @Override
  public synchronized void close() {
    ready.close();
    byId.values().forEach(session -> session.connection.close());
    byId.clear();
  }
}
