package dev.tidewatch.embedded.clickhouse;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * ClickHouse's HTTP protocol over an {@link Engine}, on 127.0.0.1. Connections, threads, running
 * queries, request sizes and sessions are bounded.
 */
final class HttpFront implements AutoCloseable {
  /** More than queries may run, so that slow senders of headers do not keep others out. */
  private static final int THREADS = 64;

  private static final int BACKLOG = 256;
  private static final int QUEUED_REQUESTS = 512;
  private static final int STOP_SECONDS = 10;

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final ScheduledExecutorService janitor;
  private final Sessions sessions;

  private HttpFront(HttpServer server, ThreadPoolExecutor threads, Sessions sessions) {
    this.server = server;
    this.threads = threads;
    this.sessions = sessions;
    this.janitor = Executors.newSingleThreadScheduledExecutor(run -> daemon(run, "sessions"));
  }

  /**
   * Takes the port without answering yet, so that a taken port is known before the engine opens.
   *
   * @param port 0 = a free one
   */
  static HttpServer bind(int port) throws IOException {
    return HttpServer.create(
        new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), BACKLOG);
  }

  static HttpFront start(HttpServer server, Engine engine, ServerSettings settings) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUED_REQUESTS),
            run -> daemon(run, "http"));
    threads.allowCoreThreadTimeOut(true);
    Sessions sessions = new Sessions(engine);
    QueryRunner runner =
        new QueryRunner(sessions, settings.maxConcurrentQueries(), settings.maxRequestBytes());
    server.setExecutor(threads);
    server.createContext("/", new QueryHandler(settings, engine.version(), runner));
    HttpFront front = new HttpFront(server, threads, sessions);
    var unused = front.janitor.scheduleWithFixedDelay(sessions::endIdle, 1, 1, TimeUnit.SECONDS);
    server.start();
    return front;
  }

  private static Thread daemon(Runnable run, String name) {
    Thread thread = new Thread(run, name);
    thread.setDaemon(true);
    return thread;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Takes no more requests, lets running ones end for a while, and frees all connections. */
  @Override
  public void close() {
    server.stop(0);
    janitor.shutdownNow();
    threads.shutdown();
    try {
      if (threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        sessions.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** False while requests still run after {@link #close}; the engine must then not be closed. */
  boolean idle() {
    return threads.isTerminated();
  }
}
