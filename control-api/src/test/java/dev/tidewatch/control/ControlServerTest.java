package dev.tidewatch.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.rpc.RetryInfo;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.tidewatch.control.v1.AlertServiceGrpc.AlertServiceBlockingStub;
import dev.tidewatch.control.v1.GetPipelineHealthRequest;
import dev.tidewatch.control.v1.ListAlertsRequest;
import dev.tidewatch.control.v1.PipelineServiceGrpc.PipelineServiceBlockingStub;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.store.ClickHouseEndpoint;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The port with nothing behind it: what it serves, refuses and says then. */
class ControlServerTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String SCRIPT = "console.log(1);\n".repeat(200);
  @TempDir static Path directory;

  private static ControlServer server;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    Path console = Files.createDirectories(directory.resolve("dist"));
    Files.createDirectories(console.resolve("assets"));
    Files.writeString(
        console.resolve("index.html"),
        "<!doctype html><html><head><meta name=\"csp-nonce\" content=\"__CSP_NONCE__\"></head>");
    Files.writeString(console.resolve("assets/index-abc123.js"), SCRIPT);
    Files.writeString(
        console.resolve("favicon.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    Files.writeString(directory.resolve("secret.txt"), "secret");
    server =
        ControlServer.start(
            options().consoleAssets(console).allowedHosts(Set.of("siem.example")).build());
    port = server.port();
  }

  /** Nothing listens on port 1. */
  private static ControlOptions.Builder options() {
    Compilation none = new SigmaCompiler().compile(List.of());
    return ControlOptions.builder(
            ClickHouseEndpoint.of("http://127.0.0.1:1"), "127.0.0.1:1", () -> none)
        .access(AccessOptions.open());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void everyPageOfTheConsoleIsItsIndexWithANonceOfItsOwn() throws Exception {
    List<String> nonces = new ArrayList<>();
    for (String path : List.of("/", "/index.html", "/t/acme/alerts", "/t/acme/alerts/42?tab=raw")) {
      HttpResponse<String> page = get(path);
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
      assertThat(page.headers().firstValue("cache-control")).hasValue("no-cache");
      Matcher tag = Pattern.compile("name=\"csp-nonce\" content=\"([^\"]+)\"").matcher(page.body());
      assertThat(tag.find()).isTrue();
      assertThat(page.headers().firstValue("content-security-policy"))
          .hasValue(
              "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-"
                  + tag.group(1)
                  + "'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none';"
                  + " form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script';"
                  + " trusted-types default");
      nonces.add(tag.group(1));
    }
    assertThat(nonces).doesNotHaveDuplicates().allMatch(nonce -> nonce.length() == 22);
  }

  @Test
  void hashedFilesAreKeptForeverAndOthersAreAskedForAgain() throws Exception {
    HttpResponse<String> script = get("/assets/index-abc123.js");
    assertThat(script.body()).isEqualTo(SCRIPT);
    assertThat(script.headers().firstValue("cache-control").orElseThrow()).contains("immutable");
    assertThat(script.headers().firstValue("content-type").orElseThrow()).contains("javascript");

    HttpResponse<String> icon = get("/favicon.svg");
    assertThat(icon.headers().firstValue("cache-control").orElseThrow()).contains("no-cache");
    String etag = icon.headers().firstValue("etag").orElseThrow();
    HttpResponse<String> again = get("/favicon.svg", "If-None-Match", etag);
    assertThat(again.statusCode()).isEqualTo(304);
  }

  @Test
  void textIsCompressedForWhoTakesIt() throws Exception {
    HttpResponse<String> script = get("/assets/index-abc123.js", "Accept-Encoding", "gzip");
    assertThat(script.headers().firstValue("content-encoding")).hasValue("gzip");
    assertThat(script.body().length()).isLessThan(SCRIPT.length() / 5);
  }

  @Test
  void everyAnswerCarriesTheBrowsersDefences() throws Exception {
    for (String path :
        List.of(
            "/",
            "/assets/index-abc123.js",
            "/favicon.svg",
            "/nothing",
            "/v1/nothing",
            "/v1/tenants/acme/alerts",
            "/v1/tenants/-/alerts:stream",
            "/v1/pipeline/health",
            "/metrics",
            "/healthz",
            "/readyz")) {
      HttpResponse<String> answer = get(path);
      assertThat(answer.headers().map())
          .as(path)
          .containsEntry("x-content-type-options", List.of("nosniff"))
          .containsEntry("referrer-policy", List.of("no-referrer"))
          .containsEntry("cross-origin-opener-policy", List.of("same-origin"))
          .containsEntry("cross-origin-resource-policy", List.of("same-origin"))
          .containsKeys("content-security-policy", "x-request-id")
          .doesNotContainKeys("server", "access-control-allow-origin");
      assertThat(answer.headers().firstValue("content-security-policy").orElseThrow())
          .contains("default-src 'none'", "frame-ancestors 'none'");
    }
  }

  @Test
  void onlyRequestsForThisServerAreAnswered() throws Exception {
    for (String host :
        List.of(
            "localhost:" + port,
            "LOCALHOST",
            "127.0.0.1:" + port,
            "[::1]:" + port,
            "siem.example")) {
      assertThat(RawHttp.get(port, "/healthz", host)).as(host).startsWith("HTTP/1.1 200");
    }
    for (String host :
        List.of(
            "evil.example",
            "evil.example:" + port,
            "127.0.0.1.evil.example",
            "localhost.evil",
            "[::1].evil.example",
            "127.0.0.1@evil.example",
            "10.0.0.1")) {
      String answer = RawHttp.get(port, "/v1/pipeline/health", host);
      assertThat(answer).as(host).matches("(?s)HTTP/1.1 4(21|00).*").doesNotContain("components");
    }
  }

  @Test
  void nothingOutsideTheConsolesDirectoryIsServed() throws Exception {
    for (String path :
        List.of(
            "/../secret.txt",
            "/assets/../../secret.txt",
            "/assets/..%2f..%2fsecret.txt",
            "/%2e%2e/secret.txt",
            "/assets/%2e%2e/%2e%2e/secret.txt",
            "/..%5csecret.txt",
            "//secret.txt",
            "/assets/....//....//secret.txt",
            "/./../secret.txt")) {
      String answer = RawHttp.get(port, path, "localhost");
      assertThat(answer).as(path).matches("(?s)HTTP/1.1 (400|404).*");
      assertThat(answer.substring(answer.indexOf("\r\n\r\n"))).as(path).doesNotContain("secret");
    }
  }

  @Test
  void theConsolesPagesAreNotItsFiles() throws Exception {
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
    assertThat(get("/assets/nothing.js").statusCode()).isEqualTo(404);
    assertThat(get("/assets/").statusCode()).isEqualTo(404);
    assertThat(get("/v1/nothing").body()).contains("\"status\":\"NOT_FOUND\"");
  }

  @Test
  void requestsOutOfBoundsAreRefusedAndTheServerGoesOn() throws Exception {
    String large = "x".repeat(40_000);
    assertThat(RawHttp.get(port, "/healthz?" + large, "localhost")).startsWith("HTTP/1.1 414");
    assertThat(
            RawHttp.exchange(
                port, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Large: " + large + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431");
    assertThat(
            RawHttp.exchange(
                port,
                "POST /tidewatch.control.v1.AlertService/ListAlerts HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/grpc\r\nContent-Length: 99999999\r\n"
                    + "Connection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 413");
    assertThat(RawHttp.exchange(port, "NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void failuresOfTheProtocolAreJsonToo() throws Exception {
    HttpRequest post =
        HttpRequest.newBuilder(uri("/v1/tenants/acme/alerts"))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    HttpResponse<String> answer = HTTP.send(post, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isIn(404, 405);
    assertThat(answer.headers().firstValue("content-type").orElseThrow()).contains("json");
  }

  @Test
  void aStoreThatIsAwayIsSaidWithWhenToComeBack() throws Exception {
    HttpResponse<String> answer = get("/v1/tenants/acme/alerts");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
    assertThat(answer.body())
        .contains("\"status\":\"UNAVAILABLE\"", "\"retryAfterMs\":1000")
        .doesNotContain("127.0.0.1", "Exception", "ClickHouse");

    AlertServiceBlockingStub alerts =
        GrpcClients.newClient(
            "gproto+http://127.0.0.1:" + port + "/", AlertServiceBlockingStub.class);
    assertThatThrownBy(
            () -> alerts.listAlerts(ListAlertsRequest.newBuilder().setTenantId("acme").build()))
        .asInstanceOf(type(StatusRuntimeException.class))
        .satisfies(
            failure -> {
              assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
              assertThat(StatusProto.fromThrowable(failure).getDetails(0).is(RetryInfo.class))
                  .isTrue();
            });
  }

  @Test
  void rulesAndHealthDoNotNeedTheStore() throws Exception {
    assertThat(get("/v1/tenants/acme/rules").statusCode()).isEqualTo(200);
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    PipelineServiceBlockingStub pipeline =
        GrpcClients.newClient(
            "gproto+http://127.0.0.1:" + port + "/", PipelineServiceBlockingStub.class);
    assertThat(
            pipeline
                .getPipelineHealth(GetPipelineHealthRequest.getDefaultInstance())
                .getServerTimeMs())
        .isPositive();
  }

  @Test
  void withoutTheConsoleThePageSaysHowToGetIt() throws Exception {
    Path empty = Files.createDirectories(directory.resolve("empty"));
    try (ControlServer bare = ControlServer.start(options().consoleAssets(empty).build())) {
      HttpResponse<String> page =
          HTTP.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + bare.port() + "/")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(page.statusCode()).isEqualTo(404);
      assertThat(page.body()).contains("control.console-assets");
    }
  }

  @Test
  void aTakenPortIsNamed() {
    assertThatThrownBy(() -> ControlServer.start(options().port(port).build()))
        .isInstanceOf(ControlServerException.class)
        .hasMessageContaining("control.port")
        .hasMessageContaining("127.0.0.1:" + port)
        .satisfies(
            failure ->
                assertThat(failure.getMessage().toLowerCase(Locale.ROOT)).contains("in use"));
  }

  private static HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }
}
