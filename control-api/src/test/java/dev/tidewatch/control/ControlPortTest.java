package dev.tidewatch.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import com.google.rpc.RetryInfo;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.server.Server;
import dev.tidewatch.control.alert.AdmittedAlerts;
import dev.tidewatch.control.alert.AlertFeeds;
import dev.tidewatch.control.alert.AlertSource;
import dev.tidewatch.control.alert.FeedLimits;
import dev.tidewatch.control.deploy.Deployer;
import dev.tidewatch.control.deploy.DeploymentWatch;
import dev.tidewatch.control.deploy.RuleDeployments;
import dev.tidewatch.control.event.AdmittedEvents;
import dev.tidewatch.control.event.StoredEvents;
import dev.tidewatch.control.pipeline.Pipeline;
import dev.tidewatch.control.request.Admission;
import dev.tidewatch.control.request.Readings;
import dev.tidewatch.control.rule.RuleEndpoint;
import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertGrouping;
import dev.tidewatch.control.v1.AlertServiceGrpc.AlertServiceBlockingStub;
import dev.tidewatch.control.v1.GetAlertResponse;
import dev.tidewatch.control.v1.GroupAlertsResponse;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.SummarizeAlertsRequest;
import dev.tidewatch.control.v1.SummarizeAlertsResponse;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.store.ClickHouseEndpoint;
import dev.tidewatch.store.ClickHouseStore;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The port in front of a store that misbehaves. */
class ControlPortTest {
  private CountDownLatch released = new CountDownLatch(1);
  private final Misbehaving alerts = new Misbehaving();
  private Readings readings = Readings.within(Admission.Limits.defaults());
  private ClickHouseStore store;
  private AlertFeeds feeds;
  private RuleDeployments deployments;
  private Pipeline pipeline;
  private Server server;

  @BeforeEach
  void start() {
    start(Duration.ofSeconds(20));
  }

  private void start(Duration requestTimeout) {
    released = new CountDownLatch(1);
    Compilation none = new SigmaCompiler().compile(List.of());
    ClickHouseEndpoint nowhere = ClickHouseEndpoint.of("http://127.0.0.1:1");
    ControlOptions options =
        ControlOptions.builder(nowhere, "127.0.0.1:1", () -> none)
            .access(AccessOptions.open())
            .requestTimeout(requestTimeout)
            .build();
    store = ClickHouseStore.connect(nowhere);
    feeds = new AlertFeeds(alerts, FeedLimits.defaults(), options.clock());
    pipeline =
        Pipeline.watch(
            new Pipeline.Watched(
                "127.0.0.1:1", "g", Optional.empty(), store.pipelineQueries(), () -> 0),
            Duration.ofMinutes(1),
            options.clock());
    deployments =
        RuleDeployments.follow(
            "127.0.0.1:1",
            () -> none,
            Optional.empty(),
            () -> new Deployer("test", true),
            options.clock(),
            DeploymentWatch.NONE);
    RuleEndpoint rules =
        new RuleEndpoint(
            () -> none, deployments.archive(), tenant -> Optional.empty(), tenant -> List.of());
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    server =
        new ControlPort(
                options,
                store,
                new AdmittedAlerts(alerts, readings),
                new AdmittedEvents(new StoredEvents(store), readings),
                feeds,
                rules,
                deployments,
                pipeline,
                ControlPlane.of(options, store, readings),
                metrics)
            .build();
    server.start().join();
  }

  @AfterEach
  void stop() {
    released.countDown();
    feeds.close();
    server.stop();
    pipeline.close();
    deployments.close();
    store.close();
  }

  @Test
  void whatWentWrongInsideStaysInside() throws Exception {
    HttpResponse<String> answer = get("/v1/tenants/acme/alerts");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .contains("\"status\":\"INTERNAL\"", "\"requestId\":\"")
        .doesNotContain("password", "SELECT", "IllegalState", "at dev.");
    String id = answer.headers().firstValue("x-request-id").orElseThrow();
    assertThat(answer.body()).contains("\"requestId\":\"" + id + "\"");
  }

  @Test
  void aQueryThatHangsEndsAtTheRequestTimeout() throws Exception {
    stop();
    start(Duration.ofMillis(300));
    HttpResponse<String> answer = get("/v1/tenants/acme/alerts:summary");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(504);
    assertThat(answer.headers().firstValue("content-type").orElseThrow()).contains("json");
    assertThat(get("/healthz").statusCode()).isEqualTo(200);

    AlertServiceBlockingStub stub =
        GrpcClients.newClient(
            "gproto+http://127.0.0.1:" + server.activeLocalPort() + "/",
            AlertServiceBlockingStub.class);
    assertThatThrownBy(
            () ->
                stub.summarizeAlerts(
                    SummarizeAlertsRequest.newBuilder().setTenantId("acme").build()))
        .asInstanceOf(type(StatusRuntimeException.class))
        .extracting(failure -> failure.getStatus().getCode())
        .isIn(Status.Code.DEADLINE_EXCEEDED, Status.Code.UNAVAILABLE);
  }

  @Test
  void whatIsTooMuchIsRefusedAtOnceAndTheRestGoesOn() throws Exception {
    stop();
    readings = Readings.within(new Admission.Limits(1, 0, Duration.ofMinutes(1)));
    start(Duration.ofMinutes(5));
    String summary = "/v1/tenants/acme/alerts:summary";
    CompletableFuture<HttpResponse<String>> first =
        HttpClient.newHttpClient()
            .sendAsync(request(summary), HttpResponse.BodyHandlers.ofString());
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(readings.searches().inside()).isEqualTo(1));

    HttpResponse<String> refused = get(summary);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
    assertThat(refused.body()).contains("RESOURCE_EXHAUSTED", "\"retryAfterMs\":1000");
    AlertServiceBlockingStub stub =
        GrpcClients.newClient(
            "gproto+http://127.0.0.1:" + server.activeLocalPort() + "/",
            AlertServiceBlockingStub.class);
    assertThatThrownBy(
            () ->
                stub.summarizeAlerts(
                    SummarizeAlertsRequest.newBuilder().setTenantId("acme").build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> {
              assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
              assertThat(StatusProto.fromThrowable(failure).getDetails(0).is(RetryInfo.class))
                  .isTrue();
            });
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    assertThat(get("/v1/tenants/acme/alerts/" + new UUID(1, 2)).statusCode()).isEqualTo(404);

    assertThat(first).isNotDone();
    released.countDown();
    assertThat(first.get(2, TimeUnit.MINUTES).statusCode()).isEqualTo(200);
  }

  @Test
  void aStreamThatFailsInsideSaysSoAsJson() throws Exception {
    HttpResponse<String> answer = get("/v1/tenants/acme/alerts:stream");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("\"status\":\"INTERNAL\"").doesNotContain("password");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient().send(request(path), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String path) {
    URI uri = URI.create("http://127.0.0.1:" + server.activeLocalPort() + path);
    return HttpRequest.newBuilder(uri).build();
  }

  private final class Misbehaving implements AlertSource {
    @Override
    public ListAlertsResponse list(
        String tenantId, AlertFilter filter, int pageSize, String pageToken) {
      throw new IllegalStateException("SELECT secret with password hunter2");
    }

    @Override
    public GroupAlertsResponse group(
        String tenantId, AlertFilter filter, AlertGrouping by, int top) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SummarizeAlertsResponse summarize(String tenantId, AlertFilter filter, int buckets) {
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return SummarizeAlertsResponse.getDefaultInstance();
    }

    @Override
    public Tail tail(String tenantId, String cursor) {
      throw new IllegalStateException("password");
    }

    @Override
    public Optional<GetAlertResponse> get(String tenantId, String alertId) {
      return Optional.empty();
    }
  }
}
