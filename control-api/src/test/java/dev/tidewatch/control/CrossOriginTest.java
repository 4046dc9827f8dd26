package dev.tidewatch.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.control.alert.FeedLimits;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.store.ClickHouseEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What browsers are told on every kind of answer, and which other origins may read one. */
class CrossOriginTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String FRIEND = "https://soc.example:8443";
  @TempDir static Path directory;

  private static ControlServer server;
  private static ControlServer closed;

  @BeforeAll
  static void start() throws IOException {
    Path console = Files.createDirectories(directory.resolve("dist"));
    Files.createDirectories(console.resolve("assets"));
    Files.writeString(console.resolve("index.html"), "<!doctype html><html><head></head>");
    Files.writeString(console.resolve("assets/index-abc123.js"), "1");
    server =
        ControlServer.start(options().consoleAssets(console).corsOrigins(Set.of(FRIEND)).build());
    closed = ControlServer.start(options().build());
  }

  @AfterAll
  static void stop() {
    server.close();
    closed.close();
  }

  /** Nothing listens on port 1; a stream says so after a second. */
  private static ControlOptions.Builder options() {
    Compilation none = new SigmaCompiler().compile(List.of());
    return ControlOptions.builder(
            ClickHouseEndpoint.of("http://127.0.0.1:1"), "127.0.0.1:1", () -> none)
        .access(AccessOptions.open())
        .feeds(FeedLimits.defaults().withLongestOutage(Duration.ofSeconds(1)));
  }

  /** The head of an answer; a stream is not read to its end. */
  private static HttpResponse<InputStream> send(
      ControlServer to, String method, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.port() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(method.equals("POST") ? "{" : ""));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<InputStream> answer =
        HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    answer.body().close();
    return answer;
  }

  private static HttpResponse<InputStream> preflight(ControlServer to, String origin, String method)
      throws Exception {
    return send(
        to,
        "OPTIONS",
        "/v1/tenants/default/rules",
        "origin",
        origin,
        "access-control-request-method",
        method,
        "access-control-request-headers",
        "authorization,x-tidewatch-csrf");
  }

  /** Every kind of answer: JSON, its errors, pages, files, streams, gRPC, what is not there. */
  @TestFactory
  Stream<DynamicTest> everyAnswerHasTheBrowsersDefences() {
    return Stream.of(
            "GET /v1/pipeline/health",
            "GET /v1/tenants/default/rules",
            "GET /v1/tenants/default/alerts",
            "GET /v1/tenants/default/alerts?page_size=-1",
            "GET /v1/tenants/default/alerts:stream",
            "POST /v1/tenants/default/rules:validate",
            "GET /v1/none",
            "GET /openapi.json",
            "GET /metrics",
            "GET /healthz",
            "GET /readyz",
            "GET /",
            "GET /t/default/alerts",
            "GET /assets/index-abc123.js",
            "GET /assets/absent.js",
            "GET /%2e%2e/secret",
            "DELETE /",
            "POST /tidewatch.control.v1.AlertService/ListAlerts",
            "OPTIONS /v1/tenants/default/rules")
        .map(
            request ->
                DynamicTest.dynamicTest(
                    request,
                    () -> {
                      String[] parts = request.split(" ");
                      HttpHeaders headers = send(server, parts[0], parts[1]).headers();
                      assertThat(headers.firstValue("x-content-type-options")).contains("nosniff");
                      assertThat(headers.firstValue("referrer-policy")).contains("no-referrer");
                      assertThat(headers.firstValue("cross-origin-resource-policy"))
                          .contains("same-origin");
                      assertThat(headers.firstValue("cross-origin-opener-policy"))
                          .contains("same-origin");
                      assertThat(headers.firstValue("content-security-policy").orElse(""))
                          .contains("default-src 'none'", "frame-ancestors 'none'");
                      assertThat(headers.firstValue("x-request-id")).isPresent();
                      assertThat(headers.firstValue("server")).isEmpty();
                      assertThat(headers.firstValue("access-control-allow-origin")).isEmpty();
                      assertThat(headers.firstValue("strict-transport-security"))
                          .as("no TLS")
                          .isEmpty();
                    }));
  }

  @Test
  void theOriginThatWasNamedMayAskAndRead() throws Exception {
    for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
      HttpHeaders allowed = preflight(server, FRIEND, method).headers();
      assertThat(allowed.firstValue("access-control-allow-origin")).contains(FRIEND);
      assertThat(allowed.firstValue("access-control-allow-credentials")).contains("true");
      assertThat(allowed.firstValue("access-control-allow-methods").orElse("")).contains(method);
      assertThat(allowed.firstValue("access-control-allow-headers").orElse(""))
          .contains("authorization", "x-tidewatch-csrf");
      assertThat(allowed.firstValue("vary").orElse("")).containsIgnoringCase("origin");
    }
    HttpHeaders read = send(server, "GET", "/v1/pipeline/health", "origin", FRIEND).headers();
    assertThat(read.firstValue("access-control-allow-origin")).contains(FRIEND);
    assertThat(read.firstValue("access-control-allow-credentials")).contains("true");
  }

  @Test
  void everyOtherOriginReadsNothing() throws Exception {
    for (String origin :
        List.of(
            "https://evil.example",
            "https://soc.example",
            "http://soc.example:8443",
            "https://soc.example:8443.evil.example",
            "https://sub.soc.example:8443",
            "https://SOC.example:8443/",
            "null")) {
      assertThat(
              preflight(server, origin, "POST").headers().firstValue("access-control-allow-origin"))
          .as("preflight of " + origin)
          .isEmpty();
      assertThat(
              send(server, "GET", "/v1/pipeline/health", "origin", origin)
                  .headers()
                  .firstValue("access-control-allow-origin"))
          .as("answer to " + origin)
          .isEmpty();
    }
  }

  @Test
  void noneIsTheDefault() throws Exception {
    assertThat(
            preflight(closed, FRIEND, "POST").headers().firstValue("access-control-allow-origin"))
        .isEmpty();
    assertThat(
            send(closed, "GET", "/v1/pipeline/health", "origin", FRIEND)
                .headers()
                .firstValue("access-control-allow-origin"))
        .isEmpty();
  }

  @Test
  void onlyExactOriginsAreTaken() {
    for (String wrong :
        List.of(
            "*", "null", "https://*.example", "soc.example", "https://soc.example/", "HTTPS://X")) {
      assertThatThrownBy(options().corsOrigins(Set.of(wrong))::build)
          .as(wrong)
          .hasMessageContaining("control.cors.origins");
    }
  }
}
