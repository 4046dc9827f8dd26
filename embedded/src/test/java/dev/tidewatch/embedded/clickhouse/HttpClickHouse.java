package dev.tidewatch.embedded.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** ClickHouse's HTTP protocol by hand, so that tests see what is on the wire. */
final class HttpClickHouse {
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final String url;

  private final String path;

  HttpClickHouse(String url) {
    this(url, "/");
  }

  private HttpClickHouse(String url, String path) {
    this.url = url;
    this.path = path;
  }

  HttpClickHouse at(String otherPath) {
    return new HttpClickHouse(url, otherPath);
  }

  /** One request in the making. */
  final class Call {
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private byte[] body = {};
    private boolean get;

    Call with(String parameter, String value) {
      parameters.put(parameter, value);
      return this;
    }

    Call header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    Call body(byte[] bytes) {
      body = bytes;
      return this;
    }

    Call get() {
      get = true;
      return this;
    }

    private HttpRequest request() {
      StringBuilder target = new StringBuilder(url).append(path).append('?');
      parameters.forEach(
          (name, value) ->
              target.append(encode(name)).append('=').append(encode(value)).append('&'));
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(URI.create(target.toString())).timeout(Duration.ofSeconds(60));
      headers.forEach(builder::header);
      return (get ? builder.GET() : builder.POST(BodyPublishers.ofByteArray(body))).build();
    }

    HttpResponse<byte[]> send() throws IOException, InterruptedException {
      return http.send(request(), BodyHandlers.ofByteArray());
    }

    HttpResponse<InputStream> open() throws IOException, InterruptedException {
      return http.send(request(), BodyHandlers.ofInputStream());
    }

    /** The answer's text; fails unless the status is 200. */
    String text() throws IOException, InterruptedException {
      HttpResponse<byte[]> response = send();
      String text = new String(response.body(), UTF_8);
      if (response.statusCode() != 200) {
        throw new AssertionError(response.statusCode() + " " + text);
      }
      return text;
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  Call post(String sql) {
    return new Call().body(sql.getBytes(UTF_8));
  }

  Call post(byte[] body) {
    return new Call().body(body);
  }

  Call get(String sql) {
    return new Call().with("query", sql).get();
  }

  /** Posts and returns the answer's text without its last line end. */
  String ask(String sql) throws IOException, InterruptedException {
    return post(sql).text().stripTrailing();
  }

  static int code(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("X-ClickHouse-Exception-Code")
        .map(Integer::parseInt)
        .orElse(0);
  }
}
