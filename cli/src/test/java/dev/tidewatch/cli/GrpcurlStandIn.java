package dev.tidewatch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A command {@code grpcurl} for scripts: it hands its arguments and its input to a {@link
 * ReflectionClient} of this process. A Java process for each call would take longer to start than
 * all that the script does.
 */
final class GrpcurlStandIn implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final AtomicInteger calls = new AtomicInteger();

  private GrpcurlStandIn(HttpServer server) {
    this.server = server;
    server.setExecutor(callers);
    server.createContext("/", this::answer);
  }

  static GrpcurlStandIn start() throws IOException {
    GrpcurlStandIn standIn =
        new GrpcurlStandIn(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    standIn.server.start();
    return standIn;
  }

  /** Each argument and a NUL after it, then standard input where an argument is {@code @}. */
  String script() {
    return """
    #!/usr/bin/env bash
    { printf '%%s\\0' "$@"; for a in "$@"; do [ "$a" != @ ] || cat; done; } |
      curl -sS --fail-with-body --max-time 90 --data-binary @- http://127.0.0.1:%d/
    """
        .formatted(server.getAddress().getPort());
  }

  /** How many were answered as they should be. */
  int calls() {
    return calls.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      int end = body.lastIndexOf('\0');
      int status = 200;
      String text;
      try {
        List<String> arguments = List.of(body.substring(0, end).split("\0", -1));
        text = ReflectionClient.run(arguments, body.substring(end + 1)) + "\n";
        calls.incrementAndGet();
      } catch (Exception e) {
        status = 502;
        text = e + "\n";
      }
      byte[] bytes = text.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    callers.shutdownNow();
  }
}
