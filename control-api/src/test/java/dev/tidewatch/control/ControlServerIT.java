package dev.tidewatch.control;

import static dev.tidewatch.control.SampleAlerts.alert;
import static dev.tidewatch.control.SampleAlerts.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.AlertServiceGrpc.AlertServiceBlockingStub;
import dev.tidewatch.control.v1.AlertServiceGrpc.AlertServiceStub;
import dev.tidewatch.control.v1.EventRow;
import dev.tidewatch.control.v1.EventServiceGrpc.EventServiceBlockingStub;
import dev.tidewatch.control.v1.GetAlertRequest;
import dev.tidewatch.control.v1.GetAlertResponse;
import dev.tidewatch.control.v1.GetEventRequest;
import dev.tidewatch.control.v1.ListAlertsRequest;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.ListEventsRequest;
import dev.tidewatch.control.v1.ListEventsResponse;
import dev.tidewatch.control.v1.ListRulesResponse;
import dev.tidewatch.control.v1.PipelineHealth;
import dev.tidewatch.control.v1.Rule;
import dev.tidewatch.control.v1.StreamAlertsRequest;
import dev.tidewatch.control.v1.SummarizeAlertsRequest;
import dev.tidewatch.control.v1.SummarizeAlertsResponse;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.store.ClickHouseEndpoint;
import dev.tidewatch.store.ClickHouseStore;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc.HealthBlockingStub;
import io.grpc.reflection.v1.ServerReflectionGrpc.ServerReflectionStub;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole port over a real ClickHouse. Kafka and Flink are away, which is no reason to fail. */
class ControlServerIT {
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();

  private static final String TENANT = "acme";
  private static final int ALERTS = 25;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static ClickHouseStore store;
  private static ControlServer server;
  private static AlertServiceBlockingStub alerts;

  @BeforeAll
  static void start() {
    store = ClickHouseStore.connect(ClickHouseEndpoint.of(CLICKHOUSE.url()));
    store.migrate();
    store.eventWriter().write(IntStream.range(0, ALERTS).mapToObj(n -> event(TENANT, n)).toList());
    write(TENANT, 0, ALERTS);
    write("globex", 0, 3);
    server = startServer();
    alerts = GrpcClients.newClient(grpcUrl(), AlertServiceBlockingStub.class);
  }

  private static ControlServer startServer() {
    var rules =
        new SigmaCompiler()
            .compile(
                List.of(
                    new RuleSource("linux/one.yml", rule("rule-1", "Curl to a bare address")),
                    new RuleSource("windows/zero.yml", rule("rule-0", "an encoded command")),
                    new RuleSource("broken.yml", "title: Broken\ndetection: [")));
    return ControlServer.start(
        ControlOptions.builder(ClickHouseEndpoint.of(CLICKHOUSE.url()), "127.0.0.1:1", () -> rules)
            .access(AccessOptions.open())
            .sampleInterval(Duration.ofMillis(200))
            .build());
  }

  private static String rule(String id, String title) {
    return """
    title: %s
    id: %s
    status: test
    level: high
    tags: [attack.execution, attack.t1059.001]
    logsource: {product: windows, category: process_creation}
    detection:
      selection: {CommandLine|contains: ' -enc '}
      condition: selection
    """
        .formatted(title, id);
  }

  private static List<String> write(String tenant, int from, int to) {
    List<Alert> written = IntStream.range(from, to).mapToObj(n -> alert(tenant, n)).toList();
    store.alertWriter().write(written);
    return written.stream().map(Alert::getAlertId).toList();
  }

  @AfterAll
  static void stop() {
    server.close();
    store.close();
  }

  // Lists, details, summaries

  @Test
  void listsNewestFirstInGrpcAndJsonAlike() throws Exception {
    ListAlertsResponse list =
        alerts.listAlerts(ListAlertsRequest.newBuilder().setTenantId(TENANT).build());

    assertThat(list.getTotal()).isEqualTo(ALERTS);
    assertThat(list.getAlertsList()).hasSize(ALERTS);
    assertThat(list.getAlerts(0).getAlertId()).isEqualTo(alert(TENANT, ALERTS - 1).getAlertId());
    assertThat(list.getAlerts(0).getTimeMs()).isEqualTo(alert(TENANT, 24).getTimeUs() / 1000);
    assertThat(json("/v1/tenants/acme/alerts", ListAlertsResponse.getDefaultInstance()))
        .isEqualTo(list);
  }

  @Test
  void pagesAddUpToTheList() throws Exception {
    List<String> ids = new ArrayList<>();
    String token = "";
    do {
      String path = "/v1/tenants/acme/alerts?page_size=7&pageToken=" + token;
      ListAlertsResponse page = json(path, ListAlertsResponse.getDefaultInstance());
      assertThat(page.getAlertsCount()).isLessThanOrEqualTo(7);
      page.getAlertsList().forEach(row -> ids.add(row.getAlertId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());

    assertThat(ids)
        .containsExactlyElementsOf(
            IntStream.range(0, ALERTS)
                .mapToObj(n -> alert(TENANT, ALERTS - 1 - n).getAlertId())
                .toList());
  }

  @Test
  void filtersByQueryParametersInBothSpellings() throws Exception {
    String path =
        "/v1/tenants/acme/alerts?filter.levels=LEVEL_HIGH&filter.levels=LEVEL_LOW"
            + "&filter.host=ws-01&filter.techniqueId=t1059";
    ListAlertsResponse found = json(path, ListAlertsResponse.getDefaultInstance());

    assertThat(found.getAlertsList())
        .isNotEmpty()
        .allMatch(row -> row.getHost().equals("ws-01"))
        .allMatch(row -> List.of(Level.LEVEL_HIGH, Level.LEVEL_LOW).contains(row.getLevel()))
        .allMatch(row -> row.getTechniqueIdsList().contains("T1059.001"));
  }

  @Test
  void listsTheAlertsOfOneGroup() throws Exception {
    String all = "/v1/tenants/acme/alerts?filter.host=ws-01";
    String group =
        "/v1/tenants/acme/alerts?filter.in_group.by=ALERT_GROUPING_HOST&filter.inGroup.id=ws-01";
    assertThat(json(group, ListAlertsResponse.getDefaultInstance()).getAlertsList())
        .isNotEmpty()
        .isEqualTo(json(all, ListAlertsResponse.getDefaultInstance()).getAlertsList());
  }

  @Test
  void showsOneAlertWithItsEventAsReceived() throws Exception {
    Alert expected = alert(TENANT, 3);
    GetAlertResponse one =
        alerts.getAlert(
            GetAlertRequest.newBuilder()
                .setTenantId(TENANT)
                .setAlertId(expected.getAlertId())
                .build());

    assertThat(one.getAlert().getTitle()).isEqualTo("LSASS memory read");
    assertThat(one.getEvidenceList()).isEqualTo(expected.getEvidenceList());
    assertThat(one.getEventsList())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row.getPayload())
                    .isEqualTo(event(TENANT, 3).envelope().getPayload().toStringUtf8()));
    String path = "/v1/tenants/acme/alerts/" + expected.getAlertId();
    assertThat(json(path, GetAlertResponse.getDefaultInstance())).isEqualTo(one);
    String upper = "/v1/tenants/acme/alerts/" + expected.getAlertId().toUpperCase(Locale.ROOT);
    assertThat(json(upper, GetAlertResponse.getDefaultInstance())).isEqualTo(one);
  }

  @Test
  void summarizesBesideTheListAndTheDetail() throws Exception {
    SummarizeAlertsResponse summary =
        alerts.summarizeAlerts(
            SummarizeAlertsRequest.newBuilder().setTenantId(TENANT).setBuckets(5).build());

    assertThat(summary.getTotal()).isEqualTo(ALERTS);
    assertThat(summary.getHistogramList()).hasSize(5);
    assertThat(summary.getLevelsList().stream().mapToLong(level -> level.getCount()).sum())
        .isEqualTo(ALERTS);
    assertThat(summary.getHostsList()).hasSize(3);
    assertThat(
            json(
                "/v1/tenants/acme/alerts:summary?buckets=5",
                SummarizeAlertsResponse.getDefaultInstance()))
        .isEqualTo(summary);
  }

  @Test
  void otherTenantsAlertsDoNotExist() throws Exception {
    String id = alert(TENANT, 3).getAlertId();
    assertThat(get("/v1/tenants/globex/alerts/" + id).statusCode()).isEqualTo(404);
    assertThat(get("/v1/tenants/globex/events/" + SampleAlerts.eventId(TENANT, 3)).statusCode())
        .isEqualTo(404);
    assertThat(
            json("/v1/tenants/globex/alerts", ListAlertsResponse.getDefaultInstance()).getTotal())
        .isEqualTo(3);
    assertThat(
            json("/v1/tenants/nobody/alerts", ListAlertsResponse.getDefaultInstance()).getTotal())
        .isZero();
  }

  @Test
  void listsEventsOldestFirstAndShowsOne() throws Exception {
    EventServiceBlockingStub events =
        GrpcClients.newClient(grpcUrl(), EventServiceBlockingStub.class);
    ListEventsResponse list =
        events.listEvents(
            ListEventsRequest.newBuilder().setTenantId(TENANT).setHost("ws-01").build());
    assertThat(list.getEventsList()).hasSize(8).allMatch(row -> row.getPayload().isEmpty());
    assertThat(list.getEvents(0).getEventId())
        .isEqualTo(SampleAlerts.eventId(TENANT, 1).toString());
    assertThat(json("/v1/tenants/acme/events?host=ws-01", ListEventsResponse.getDefaultInstance()))
        .isEqualTo(list);

    String id = SampleAlerts.eventId(TENANT, 1).toString();
    EventRow one =
        events.getEvent(GetEventRequest.newBuilder().setTenantId(TENANT).setEventId(id).build());
    assertThat(one.getPayload()).contains("-enc AAAA");
    assertThat(json("/v1/tenants/acme/events/" + id, EventRow.getDefaultInstance())).isEqualTo(one);
  }

  @Test
  void listsRulesWithTheirAlertsAndWhatWasRefused() throws Exception {
    ListRulesResponse list = json("/v1/tenants/acme/rules", ListRulesResponse.getDefaultInstance());
    assertThat(list.getRulesList())
        .extracting(Rule::getTitle)
        .containsExactly("an encoded command", "Curl to a bare address");
    assertThat(list.getRulesList()).allMatch(Rule::hasAlerts24H);
    assertThat(list.getDiagnosticsList())
        .anySatisfy(
            diagnostic -> {
              assertThat(diagnostic.getFile()).isEqualTo("broken.yml");
              assertThat(diagnostic.getSeverity()).isEqualTo("error");
            });

    Rule one = json("/v1/tenants/acme/rules/rule-0", Rule.getDefaultInstance());
    assertThat(one.getSource()).contains("CommandLine|contains");
    assertThat(get("/v1/tenants/acme/rules/none").statusCode()).isEqualTo(404);
  }

  // What must be refused

  @Test
  void hostileTextIsOnlyText() throws Exception {
    for (String text :
        List.of(
            "' OR 1=1 --", "{word0:String}", "\\'); DROP TABLE alerts; --", "%", "_", "\u202e")) {
      String path =
          "/v1/tenants/acme/alerts?filter.text=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
      assertThat(json(path, ListAlertsResponse.getDefaultInstance()).getTotal()).as(text).isZero();
    }
    assertThat(json("/v1/tenants/acme/alerts", ListAlertsResponse.getDefaultInstance()).getTotal())
        .isEqualTo(ALERTS);
  }

  @Test
  void refusesWithTheFieldAndTheReason() throws Exception {
    assertRefused("/v1/tenants/a%20b/alerts", "tenant_id");
    assertRefused("/v1/tenants/a%27b/alerts", "tenant_id");
    assertRefused("/v1/tenants/acme/alerts?page_size=1001", "page_size");
    assertRefused("/v1/tenants/acme/alerts?page_size=-1", "page_size");
    assertRefused("/v1/tenants/acme/alerts?page_token=nonsense", "page_token");
    assertRefused("/v1/tenants/acme/alerts?filter.from_ms=10&filter.to_ms=10", "filter.to_ms");
    assertRefused("/v1/tenants/acme/alerts?filter.levels=LEVEL_RED", "filter.levels");
    assertRefused("/v1/tenants/acme/alerts?filter.levels=LEVEL_UNSPECIFIED", "filter.levels");
    assertRefused("/v1/tenants/acme/alerts?filter.from_ms=soon", "filter.from_ms");
    assertRefused("/v1/tenants/acme/alerts?page_size=99999999999", "page_size");
    assertRefused("/v1/tenants/acme/alerts?page_size=1&pageSize=2", "pageSize");
    assertRefused("/v1/tenants/acme/alerts?filter=x", "filter");
    assertRefused("/v1/tenants/acme/alerts?hots=ws-01", "hots");
    assertRefused("/v1/tenants/acme/alerts?filter.technique_id=1059", "filter.technique_id");
    assertRefused("/v1/tenants/acme/alerts?filter.in_group.id=x", "filter.in_group.by");
    assertRefused(
        "/v1/tenants/acme/alerts:stream?filter.in_group.by=ALERT_GROUPING_HOST", "filter.in_group");
    assertRefused("/v1/tenants/acme/alerts/42", "alert_id");
    assertRefused("/v1/tenants/acme/alerts:summary?buckets=501", "buckets");
    assertRefused("/v1/tenants/acme/events/1-2-3-4-5", "event_id");
    assertRefused("/v1/tenants/acme/alerts:stream?filter.colour=red", "filter.colour");
    assertRefused("/v1/tenants/acme/alerts:stream?filter.from_ms=soon", "filter.from_ms");
    assertRefused("/v1/tenants/acme/alerts:stream?cursor=nonsense", "cursor");
    assertRefused("/v1/tenants/-/alerts:stream", "tenant_id");
  }

  private static void assertRefused(String path, String field) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(400);
    assertThat(answer.body())
        .contains("\"status\":\"INVALID_ARGUMENT\"", "\"field\":\"" + field + "\"")
        .doesNotContain("Exception", "dev.tidewatch", "at com.");
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
  }

  @Test
  void aCursorOfAnotherTenantIsRefused() throws Exception {
    String cursor;
    try (EventStreamClient mine = stream("globex", "", "")) {
      cursor = mine.next().id();
    }
    String foreign = "0.0." + cursor.substring(cursor.lastIndexOf('.') + 1);
    assertRefused("/v1/tenants/acme/alerts:stream?cursor=" + foreign, "cursor");
  }

  @Test
  void grpcFailuresCarryTheirFields() {
    assertThatThrownBy(
            () ->
                alerts.getAlert(
                    GetAlertRequest.newBuilder().setTenantId("-").setAlertId("x").build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> {
              assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
              assertThat(io.grpc.protobuf.StatusProto.fromThrowable(failure).getDetailsList())
                  .singleElement()
                  .satisfies(
                      detail ->
                          assertThat(
                                  detail
                                      .unpack(com.google.rpc.BadRequest.class)
                                      .getFieldViolationsList())
                              .extracting(violation -> violation.getField())
                              .containsExactly("tenant_id", "alert_id"));
            });
  }

  // Streams

  @Test
  void grpcStreamDeliversWhatIsStoredAndResumesByCursor() throws Exception {
    StreamAlertsRequest request =
        StreamAlertsRequest.newBuilder()
            .setTenantId("stream-grpc")
            .setFilter(AlertFilter.newBuilder().addLevels(Level.LEVEL_HIGH))
            .build();
    AlertServiceStub stub = GrpcClients.newClient(grpcUrl(), AlertServiceStub.class);
    try (GrpcStream first = GrpcStream.open(stub, request)) {
      String cursor = first.next().getCursor();
      List<String> written = write("stream-grpc", 0, 20);
      List<String> high = List.of(written.get(3), written.get(8), written.get(13), written.get(18));
      assertThat(first.alertIds(4)).containsExactlyInAnyOrderElementsOf(high);
      try (GrpcStream again =
          GrpcStream.open(stub, request.toBuilder().setCursor(cursor).build())) {
        assertThat(again.alertIds(4)).containsExactlyInAnyOrderElementsOf(high);
        awaitStreams(2);
      }
    }
    awaitStreams(0);
  }

  /** Clients that have gone leave nothing behind. */
  private static void awaitStreams(int open) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(get("/metrics").body())
                    .contains("tidewatch_control_streams " + open + ".0"));
  }

  @Test
  void eventStreamResumesWithoutGapOrDouble() throws Exception {
    String tenant = "stream-sse";
    List<String> seen = new ArrayList<>();
    String cursor;
    try (EventStreamClient client = stream(tenant, "", "")) {
      assertThat(client.next().name()).isEqualTo("heartbeat");
      write(tenant, 0, 10);
      List<EventStreamClient.Event> events =
          client.until(got -> EventStreamClient.ids(got).size() >= 10);
      seen.addAll(EventStreamClient.ids(events));
      cursor = events.get(events.size() - 1).id();
    }
    write(tenant, 10, 15); // while nobody listens
    try (EventStreamClient client = stream(tenant, "?cursor=ignored.0.x", cursor)) {
      seen.addAll(client.alertIds(5));
      List<String> live = write(tenant, 15, 20);
      seen.addAll(client.alertIds(5));
      assertThat(seen.subList(15, 20)).containsAll(live);
    }
    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 20).mapToObj(n -> alert(tenant, n).getAlertId()).toList());
  }

  @Test
  void aStreamGoesOnAtAnotherServer() throws Exception {
    String tenant = "stream-moves";
    String cursor;
    List<String> first = write(tenant, 0, 3);
    try (EventStreamClient client = stream(tenant, "", "")) {
      cursor = client.next().id();
    }
    List<String> missed = write(tenant, 3, 8);
    try (ControlServer other = startServer();
        EventStreamClient client =
            new EventStreamClient(url(other, "/v1/tenants/" + tenant + "/alerts:stream"), cursor)) {
      List<String> seen = new ArrayList<>(client.alertIds(missed.size()));
      List<String> live = write(tenant, 8, 10);
      while (!seen.containsAll(live)) {
        client.next().response().getAlertsList().forEach(row -> seen.add(row.getAlertId()));
      }
      // The last minute may come again from a server that does not know what was sent.
      assertThat(seen).doesNotHaveDuplicates().containsAll(missed);
      assertThat(first).hasSize(3);
    }
  }

  @Test
  void streamsTakeTheFiltersOfLists() throws Exception {
    String tenant = "stream-filter";
    String query =
        "?filter.text=lsass%20l%C3%96VELACE&filter.levels=LEVEL_LOW&filter.levels=LEVEL_HIGH";
    try (EventStreamClient client = stream(tenant, query, "")) {
      client.next();
      write(tenant, 0, 30);
      ListAlertsResponse listed =
          json(
              "/v1/tenants/" + tenant + "/alerts" + query, ListAlertsResponse.getDefaultInstance());
      assertThat(listed.getTotal()).isEqualTo(6);
      assertThat(client.alertIds(6))
          .containsExactlyInAnyOrderElementsOf(
              listed.getAlertsList().stream().map(AlertRow::getAlertId).toList());
    }
  }

  // The rest of the port

  @Test
  void reflectionAndHealthAnswer() throws Exception {
    HealthBlockingStub health = GrpcClients.newClient(grpcUrl(), HealthBlockingStub.class);
    assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
        .isEqualTo(ServingStatus.SERVING);

    ServerReflectionStub reflection = GrpcClients.newClient(grpcUrl(), ServerReflectionStub.class);
    CompletableFuture<ServerReflectionResponse> listed = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> call =
        reflection.serverReflectionInfo(
            new StreamObserver<>() {
              @Override
              public void onNext(ServerReflectionResponse response) {
                listed.complete(response);
              }

              @Override
              public void onError(Throwable failure) {
                listed.completeExceptionally(failure);
              }

              @Override
              public void onCompleted() {}
            });
    call.onNext(ServerReflectionRequest.newBuilder().setListServices("*").build());
    assertThat(listed.get(60, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
        .extracting(service -> service.getName())
        .contains(
            "tidewatch.control.v1.AlertService",
            "tidewatch.control.v1.EventService",
            "tidewatch.control.v1.RuleService",
            "tidewatch.control.v1.PipelineService",
            "grpc.health.v1.Health");
    call.onCompleted();
  }

  @Test
  void pipelineHealthNamesWhatIsDown() {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              PipelineHealth health =
                  json("/v1/pipeline/health", PipelineHealth.getDefaultInstance());
              assertThat(health.getStatus()).isEqualTo(PipelineHealth.Status.STATUS_DOWN);
              assertThat(health.getComponentsList())
                  .extracting(c -> c.getName() + " " + c.getStatus())
                  .contains(
                      "kafka STATUS_DOWN", "flink STATUS_UNSPECIFIED", "clickhouse STATUS_OK");
              assertThat(health.getAlertsTotal()).isGreaterThanOrEqualTo(ALERTS);
              assertThat(health.getRules()).isEqualTo(2);
              assertThat(health.getSamplesList())
                  .isNotEmpty()
                  .noneMatch(sample -> sample.hasEventsInPerSecond());
            });
  }

  @Test
  void metricsAreInPrometheusFormat() throws Exception {
    get("/v1/tenants/acme/alerts");
    get("/t/acme/alerts");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(get("/metrics").body())
                    .contains(
                        "tidewatch_pipeline_consumer_lag_records ",
                        "tidewatch_pipeline_dead_letters ",
                        "tidewatch_pipeline_up{component=\"clickhouse\"} ",
                        "tidewatch_control_streams ",
                        "service=\"tidewatch.control.v1.AlertService\"",
                        "service=\"console\"")
                    .containsPattern(
                        "(?m)^tidewatch_control_requests_total\\{.*method=\"ListAlerts\"")
                    .doesNotContain("Lambda"));
    assertThat(get("/metrics").headers().firstValue("content-type").orElseThrow())
        .startsWith("text/plain");
  }

  @Test
  void livenessAndReadiness() throws Exception {
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(get("/readyz").statusCode()).isEqualTo(200));
  }

  @Test
  void unknownPathsOfTheApiAreJson() throws Exception {
    for (String path : List.of("/v1/nothing", "/v1/tenants/acme/alerts:explode", "/v1/")) {
      HttpResponse<String> answer = get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(404);
      assertThat(answer.body()).contains("\"status\":\"NOT_FOUND\"");
    }
  }

  /** The JSON at {@code path}, read as what {@code prototype} is. */
  @SuppressWarnings("unchecked")
  private static <M extends Message> M json(String path, M prototype) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
    Message.Builder builder = prototype.newBuilderForType();
    JsonFormat.parser().merge(answer.body(), builder);
    return (M) builder.build();
  }

  private static HttpResponse<String> get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url(server, path))).build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static EventStreamClient stream(String tenant, String query, String lastEventId)
      throws Exception {
    String path = "/v1/tenants/" + tenant + "/alerts:stream" + query;
    return new EventStreamClient(url(server, path), lastEventId);
  }

  private static String url(ControlServer at, String path) {
    return "http://127.0.0.1:" + at.port() + path;
  }

  private static String grpcUrl() {
    return "gproto+http://127.0.0.1:" + server.port() + "/";
  }
}
