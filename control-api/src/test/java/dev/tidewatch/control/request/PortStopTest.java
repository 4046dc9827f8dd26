package dev.tidewatch.control.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PortStopTest {
  private static final long PATIENCE_SECONDS = 60;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CompletableFuture<HttpResponse> answer = new CompletableFuture<>();

  private Server start() {
    ServerBuilder builder =
        Server.builder()
            .http(0)
            .service("/now", (context, request) -> HttpResponse.of("here"))
            .service(
                "/later",
                (context, request) -> {
                  asked.countDown();
                  return HttpResponse.of(answer);
                });
    PortStop.prepare(builder);
    Server server = builder.build();
    server.start().join();
    return server;
  }

  private static CompletableFuture<java.net.http.HttpResponse<String>> ask(
      HttpClient client, Server server, String path) {
    return client.sendAsync(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.activeLocalPort() + path))
            .build(),
        BodyHandlers.ofString());
  }

  private static HttpClient client(HttpClient.Version version) {
    return HttpClient.newBuilder().version(version).build();
  }

  /** Waiting for it would take a second at the least: the quickest of several tries is below. */
  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void nobodyWaitsForAConnectionOnWhichNothingIsAsked(HttpClient.Version version) throws Exception {
    Duration quickest = Duration.ofDays(1);
    for (int round = 0; round < 20 && quickest.toMillis() >= 900; round++) {
      Server server = start();
      assertThat(ask(client(version), server, "/now").get(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .satisfies(there -> assertThat(there.version()).isEqualTo(version));
      long begin = System.nanoTime();
      PortStop.stop(server);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      quickest = took.compareTo(quickest) < 0 ? took : quickest;
    }
    assertThat(quickest).isLessThan(Duration.ofMillis(900));
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void whatHasBeenAskedIsAnswered(HttpClient.Version version) throws Exception {
    Server server = start();
    HttpClient client = client(version);
    var unused = ask(client, server, "/now").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    var pending = ask(client, server, "/later");
    assertThat(asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Void> stopped =
        CompletableFuture.runAsync(
            () -> PortStop.stop(server, Duration.ofSeconds(PATIENCE_SECONDS)));
    assertThat(stopped).isNotDone();
    answer.complete(HttpResponse.of("at last"));
    assertThat(pending.get(PATIENCE_SECONDS, TimeUnit.SECONDS).body()).isEqualTo("at last");
    stopped.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    await().until(() -> server.activePorts().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void whatIsNeverAnsweredHoldsItNotForever(HttpClient.Version version) throws Exception {
    Server server = start();
    var pending = ask(client(version), server, "/later");
    assertThat(asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Void> stopped =
        CompletableFuture.runAsync(() -> PortStop.stop(server, Duration.ofMillis(50)));
    stopped.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .untilAsserted(() -> assertThat(pending).isCompletedExceptionally());
  }
}
