package dev.tidewatch.embedded.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a request's statement on a connection of its own or of its session. */
final class QueryRunner {
  /** Rows of an INSERT may follow at any length; the statement itself must end within this. */
  private static final int MAX_STATEMENT_BYTES = 8 << 20;

  private static final int MAX_INSERT_HEAD_BYTES = 256 << 10;
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

  /**
   * @param readOnly GET, which must not change anything
   */
  void run(HttpExchange exchange, RequestParameters parameters, boolean readOnly)
      throws IOException {
    takeSlot();
    try {
      Request request = read(exchange, parameters);
      try (Sessions.Lease lease = sessions.lease(parameters);
          QueryContext context =
              QueryContext.enter(lease, parameters, request.database(), readOnly, request.sql())) {
        execute(exchange, parameters, request, lease.connection());
      }
    } finally {
      slots.release();
    }
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

  /**
   * A statement and the rows behind it.
   *
   * @param sql the statement; for an INSERT with rows, followed by the first rows
   * @param rest of the body, not read yet
   * @param format asked for by parameter or header, or null
   */
  private record Request(
      byte[] sql,
      Statement statement,
      InputStream rest,
      @Nullable String format,
      @Nullable String database) {}

  private Request read(HttpExchange exchange, RequestParameters parameters) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    InputStream body =
        RequestBody.decode(
            exchange.getRequestBody(),
            headers.getFirst("Content-Encoding"),
            parameters.isSet("decompress"),
            maxRequestBytes);
    String contentType = headers.getFirst("Content-Type");
    if (contentType != null && FormFields.isForm(contentType)) {
      FormFields.addTo(parameters, readAll(body), contentType);
      body = InputStream.nullInputStream();
    }
    String format = or(parameters.get("default_format"), headers.getFirst("X-ClickHouse-Format"));
    String database = or(parameters.get("database"), headers.getFirst("X-ClickHouse-Database"));
    return request(parameters.get("query"), body, format, database);
  }

  private static Request request(
      @Nullable String query, InputStream body, @Nullable String format, @Nullable String database)
      throws IOException {
    byte[] url = query == null ? new byte[0] : (query + "\n").getBytes(UTF_8);
    if (url.length > 0 && format != null) {
      // INSERT INTO t with the format in a header: all of the body is rows.
      Statement inUrl = Statement.parse(url, url.length);
      if (inUrl instanceof Statement.InsertRows) {
        return new Request(url, inUrl, body, format, database);
      }
    }
    InputStream all = new SequenceInputStream(new ByteArrayInputStream(url), body);
    byte[] sql = all.readNBytes(Math.max(MAX_INSERT_HEAD_BYTES, url.length));
    Statement statement = Statement.parse(sql, sql.length);
    if (statement instanceof Statement.Whole) {
      byte[] rest =
          all.readNBytes(MAX_STATEMENT_BYTES + 1 - Math.min(sql.length, MAX_STATEMENT_BYTES));
      sql = concat(sql, rest);
      requireSize(sql.length);
      statement = rest.length == 0 ? statement : Statement.parse(sql, sql.length);
    }
    return new Request(sql, statement, all, format, database);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    if (second.length == 0) {
      return first;
    }
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] readAll(InputStream body) throws IOException {
    byte[] all = body.readNBytes(MAX_STATEMENT_BYTES + 1);
    requireSize(all.length);
    return all;
  }

  private static void requireSize(int bytes) {
    if (bytes > MAX_STATEMENT_BYTES) {
      throw ClickHouseException.of(
          ClickHouseException.QUERY_IS_TOO_LARGE,
          "QUERY_IS_TOO_LARGE",
          "Query is longer than " + MAX_STATEMENT_BYTES + " bytes");
    }
  }

  private static @Nullable String or(@Nullable String first, @Nullable String second) {
    return first != null ? first : second;
  }

  private static void execute(
      HttpExchange exchange,
      RequestParameters parameters,
      Request request,
      EngineConnection connection)
      throws IOException {
    if (request.statement() instanceof Statement.InsertRows insert) {
      insert(exchange, parameters, request, insert, connection);
    } else if (request.statement() instanceof Statement.Whole whole) {
      query(exchange, parameters, request, whole, connection);
    }
  }

  private static void insert(
      HttpExchange exchange,
      RequestParameters parameters,
      Request request,
      Statement.InsertRows insert,
      EngineConnection connection)
      throws IOException {
    long started = System.nanoTime();
    String format = or(insert.format(), request.format());
    InputStream rows =
        new SequenceInputStream(
            new ByteArrayInputStream(
                request.sql(), insert.dataOffset(), request.sql().length - insert.dataOffset()),
            request.rest());
    QueryStatistics statistics =
        connection.insert(
            insert.sql(), format == null ? "Values" : format, parameters.placeholders(), rows);
    exchange
        .getResponseHeaders()
        .set("X-ClickHouse-Summary", statistics.toSummary(System.nanoTime() - started));
    exchange.sendResponseHeaders(200, -1);
  }

  private static void query(
      HttpExchange exchange,
      RequestParameters parameters,
      Request request,
      Statement.Whole whole,
      EngineConnection connection)
      throws IOException {
    long started = System.nanoTime();
    String asked = or(whole.format(), request.format());
    String format = asked == null ? "TabSeparated" : asked;
    boolean atOnce = parameters.isSet("wait_end_of_query");
    Headers headers = exchange.getResponseHeaders();
    headers.set("X-ClickHouse-Format", format);
    headers.set("Content-Type", contentType(format));
    QueryStatistics[] statistics = {QueryStatistics.NONE};
    ResponseBody body =
        new ResponseBody(
            exchange,
            parameters,
            parameters.number("buffer_size", 0, MAX_HELD_RESPONSE_BYTES, HELD_RESPONSE_BYTES),
            () ->
                headers.set(
                    "X-ClickHouse-Summary", statistics[0].toSummary(System.nanoTime() - started)));
    Optional<StreamableFormat> streamable =
        whole.reads() && !atOnce ? StreamableFormat.of(format) : Optional.empty();
    statistics[0] =
        streamable.isPresent()
            ? connection.stream(request.sql(), streamable.get(), parameters.placeholders(), body)
            : connection.query(request.sql(), format, parameters.placeholders(), body);
    body.close();
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
