package dev.tidewatch.embedded.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers one HTTP request: {@code /ping}, or a query; errors become ClickHouse's own answers. */
final class QueryHandler implements HttpHandler {
  private static final System.Logger LOG = System.getLogger(QueryHandler.class.getName());

  /** An error answer reaches a client only after its request was read; longer ones are cut off. */
  private static final long MAX_DRAINED_BYTES = 64L << 20;

  private static final int MAX_LOGGED_CHARS = 500;

  private final ServerSettings settings;
  private final String version;
  private final QueryRunner runner;

  QueryHandler(ServerSettings settings, String version, QueryRunner runner) {
    this.settings = settings;
    this.version = version;
    this.runner = runner;
  }

  /** Thrown out of the handler, it makes the HTTP server drop the connection. */
  static final class BrokenAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenAnswer(Throwable cause) {
      super(cause);
    }
  }

  @Override
  public void handle(HttpExchange exchange) {
    String id = UUID.randomUUID().toString();
    try {
      answer(exchange, id);
      exchange.close();
    } catch (Throwable e) {
      fail(exchange, e);
    }
  }

  private void answer(HttpExchange exchange, String freshId) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("X-ClickHouse-Server-Display-Name", "tidewatch");
    headers.set("X-ClickHouse-Timezone", "UTC");
    // Less than the server keeps idle connections, so that no client reuses one as it closes.
    headers.set("Keep-Alive", "timeout=30");
    BrowserGuard.require(exchange.getRequestHeaders());
    RequestParameters parameters = RequestParameters.parse(exchange.getRequestURI().getRawQuery());
    switch (exchange.getRequestURI().getPath()) {
      case "/ping", "/replicas_status" -> text(exchange, 200, "Ok.\n");
      case "/" -> query(exchange, parameters, freshId);
      default ->
          text(exchange, 404, "There is no handle " + exchange.getRequestURI().getPath() + "\n");
    }
  }

  private void query(HttpExchange exchange, RequestParameters parameters, String freshId)
      throws IOException {
    boolean get = exchange.getRequestMethod().equals("GET");
    if (!get && !exchange.getRequestMethod().equals("POST")) {
      exchange.getResponseHeaders().set("Allow", "GET, POST");
      text(exchange, 405, "Method " + exchange.getRequestMethod() + " is not supported\n");
      return;
    }
    if (get && parameters.get("query") == null) {
      text(exchange, 200, "Ok.\n");
      return;
    }
    Credentials.of(exchange.getRequestHeaders(), parameters)
        .require(settings.user(), settings.password());
    String id = parameters.get("query_id");
    exchange.getResponseHeaders().set("X-ClickHouse-Query-Id", printable(id, freshId));
    runner.run(exchange, parameters, get);
  }

  /** A header must not carry what a client smuggled into its query id. */
  private static String printable(@Nullable String id, String otherwise) {
    boolean safe =
        id != null && id.length() <= 300 && id.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    return safe && id != null ? id : otherwise;
  }

  private void fail(HttpExchange exchange, Throwable error) {
    ClickHouseException answer = asAnswer(error);
    LOG.log(System.Logger.Level.INFO, () -> "query failed: " + shortened(answer.getMessage()));
    if (exchange.getResponseCode() != -1) {
      // The status line is out. A clean end would make the client believe it has all rows.
      throw new BrokenAnswer(error);
    }
    try {
      drain(exchange.getRequestBody());
      exchange.getResponseHeaders().set("X-ClickHouse-Exception-Code", "" + answer.code());
      text(
          exchange,
          answer.httpStatus(),
          answer.getMessage() + " (version " + version + " (official build))\n");
      exchange.close();
    } catch (IOException e) {
      throw new BrokenAnswer(e);
    }
  }

  private static String shortened(@Nullable String message) {
    String text = String.valueOf(message);
    return text.length() <= MAX_LOGGED_CHARS ? text : text.substring(0, MAX_LOGGED_CHARS) + "…";
  }

  private static ClickHouseException asAnswer(Throwable error) {
    if (error instanceof ClickHouseException known) {
      return known;
    }
    if (error instanceof IOException) {
      return ClickHouseException.of(
          ClickHouseException.CANNOT_READ_ALL_DATA,
          "CANNOT_READ_ALL_DATA",
          "Cannot read the request or write the answer: " + error.getMessage());
    }
    LOG.log(System.Logger.Level.ERROR, "unexpected", error);
    return ClickHouseException.of(
        ClickHouseException.UNKNOWN_EXCEPTION, "UNKNOWN_EXCEPTION", error.toString());
  }

  private static void drain(InputStream body) {
    byte[] buffer = new byte[64 << 10];
    long left = MAX_DRAINED_BYTES;
    try {
      int read = body.read(buffer);
      while (read >= 0 && left > 0) {
        left -= read;
        read = body.read(buffer);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "client left", e);
    }
  }

  private static void text(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=UTF-8");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
