package dev.tidewatch.embedded.clickhouse;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs a request's statement on a connection of its own or of its session. */
final class QueryRunner {
  private static final int HELD_RESPONSE_BYTES = 256 << 10;
  private static final int MAX_HELD_RESPONSE_BYTES = 4 << 20;
  private static final long WAIT_SECONDS = 30;

  private final Sessions sessions;
  private final Semaphore slots;
  private final int maxConcurrentQueries;
  private final long maxRequestBytes;

  QueryRunner(Sessions sessions, int maxConcurrentQueries, long maxRequestBytes) {
    this.sessions = sessions;
    this.slots = new Semaphore(maxConcurrentQueries, true);
    this.maxConcurrentQueries = maxConcurrentQueries;
    this.maxRequestBytes = maxRequestBytes;
  }

  /** The last bytes of an answer. */
  private interface Ending {
    void send() throws IOException;
  }

  /**
   * @param readOnly GET, which must not change anything
   */
  void run(HttpExchange exchange, RequestParameters parameters, boolean readOnly)
      throws IOException {
    takeSlot();
    Ending ending;
    try {
      QueryRequest request = QueryRequest.read(exchange, parameters, maxRequestBytes);
      ReadyConnections.Prepared wanted = QueryContext.wanted(parameters, request, readOnly);
      try (Sessions.Lease lease = sessions.lease(parameters, wanted);
          QueryContext context = QueryContext.enter(lease, wanted)) {
        ending = execute(exchange, parameters, request, context.connection());
        if (request.leavesNothing()) {
          lease.keep(wanted);
        }
      }
    } finally {
      slots.release();
    }
    // After the connection is given back: the client may use its session again at once.
    ending.send();
  }

  private void takeSlot() {
    try {
      if (slots.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw ClickHouseException.of(
        ClickHouseException.TOO_MANY_SIMULTANEOUS_QUERIES,
        "TOO_MANY_SIMULTANEOUS_QUERIES",
        "Too many simultaneous queries. Maximum: " + maxConcurrentQueries);
  }

  private static Ending execute(
      HttpExchange exchange,
      RequestParameters parameters,
      QueryRequest request,
      EngineConnection connection)
      throws IOException {
    Statement statement = request.statement();
    if (statement instanceof Statement.InsertRows insert) {
      return insert(exchange, parameters, request, insert, connection);
    }
    return query(exchange, parameters, request, connection);
  }

  private static Ending insert(
      HttpExchange exchange,
      RequestParameters parameters,
      QueryRequest request,
      Statement.InsertRows insert,
      EngineConnection connection)
      throws IOException {
    long started = System.nanoTime();
    QueryStatistics statistics =
        connection.insert(
            insert.sql(),
            request.formatOr(insert.format(), "Values"),
            parameters.placeholders(),
            request.rows(insert));
    exchange
        .getResponseHeaders()
        .set("X-ClickHouse-Summary", statistics.toSummary(System.nanoTime() - started));
    return () -> exchange.sendResponseHeaders(200, -1);
  }

  private static Ending query(
      HttpExchange exchange,
      RequestParameters parameters,
      QueryRequest request,
      EngineConnection connection)
      throws IOException {
    long started = System.nanoTime();
    String format = request.answerFormat();
    Headers headers = exchange.getResponseHeaders();
    headers.set("X-ClickHouse-Format", format);
    headers.set("Content-Type", contentType(format));
    QueryStatistics[] statistics = {QueryStatistics.NONE};
    Runnable summarise =
        () ->
            headers.set(
                "X-ClickHouse-Summary", statistics[0].toSummary(System.nanoTime() - started));
    int held = parameters.number("buffer_size", 0, MAX_HELD_RESPONSE_BYTES, HELD_RESPONSE_BYTES);
    ResponseBody body = new ResponseBody(exchange, parameters, held, summarise);
    Optional<StreamableFormat> streamable = request.streamable(parameters);
    statistics[0] =
        streamable.isPresent()
            ? connection.stream(request.sql(), streamable.get(), parameters.placeholders(), body)
            : connection.query(request.sql(), format, parameters.placeholders(), body);
    return body::close;
  }

  private static String contentType(String format) {
    if (format.startsWith("JSON")) {
      return "application/json; charset=UTF-8";
    }
    return format.contains("Binary") || format.equals("Native")
        ? "application/octet-stream"
        : "text/plain; charset=UTF-8";
  }
}
