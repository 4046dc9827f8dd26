package dev.tidewatch.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.AlertServiceGrpc.AlertServiceStub;
import dev.tidewatch.control.v1.CreateApiKeyResponse;
import dev.tidewatch.control.v1.GetAlertResponse;
import dev.tidewatch.control.v1.GroupAlertsResponse;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.ListSavedFiltersResponse;
import dev.tidewatch.control.v1.Role;
import dev.tidewatch.control.v1.SavedFilter;
import dev.tidewatch.control.v1.SetDispositionResponse;
import dev.tidewatch.control.v1.StreamAlertsRequest;
import dev.tidewatch.control.v1.StreamAlertsResponse;
import dev.tidewatch.control.v1.Triage;
import dev.tidewatch.control.v1.TriageChange;
import dev.tidewatch.control.v1.TriageOutcome;
import dev.tidewatch.control.v1.Verdict;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.embedded.junit.PostgresExtension;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.store.ClickHouseEndpoint;
import dev.tidewatch.store.ClickHouseStore;
import io.grpc.Status;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Triage, what searches and streams know of it, and saved filters, over the real databases. */
class TriageIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();
  @TempDir static Path directory;

  private static ClickHouseStore store;
  private static GuardedServer server;
  private static String key;

  @BeforeAll
  static void start() throws Exception {
    store = ClickHouseStore.connect(ClickHouseEndpoint.of(CLICKHOUSE.url()));
    store.migrate();
    server =
        GuardedServer.start(
            POSTGRES.postgres(), CLICKHOUSE.url(), directory, UnaryOperator.identity());
    key = server.operatorKey;
  }

  @AfterAll
  static void stop() {
    server.close();
    store.close();
  }

  // Dispositions

  @Test
  void aDispositionHasItsOwnReasonCommentAndAuthor() throws Exception {
    List<String> ids = tenant("own", 2);
    String ada = server.createKey("own", Role.ROLE_ANALYST).getSecret();
    dispose("own", ada, "BENIGN", "approved change", "see CHG-1", false, ids.get(0));
    dispose("own", key, "FALSE_POSITIVE", "known software", "", false, ids.get(0));

    AlertRow row = alert("own", ids.get(0));
    assertThat(row.getVerdict()).isEqualTo(Verdict.VERDICT_FALSE_POSITIVE);
    assertThat(row.getVerdictReason()).isEqualTo("known software");
    assertThat(row.getVerdictAuthor()).isEqualTo("key:local@system");
    assertThat(row.getVerdictMs()).isPositive();
    Triage story =
        read(
            server.get("/v1/tenants/own/alerts/" + ids.get(0) + "/triage", key),
            Triage.getDefaultInstance());
    assertThat(story.getEventsList()).hasSize(2);
    assertThat(story.getEvents(0).getAuthor()).isEqualTo("key:of ROLE_ANALYST@own");
    assertThat(story.getEvents(0).getDisposition().getReason()).isEqualTo("approved change");
    assertThat(story.getEvents(0).getDisposition().getComment()).isEqualTo("see CHG-1");
    assertThat(alert("own", ids.get(1)).getVerdict()).isEqualTo(Verdict.VERDICT_UNSPECIFIED);
  }

  @Test
  void eachAlertOfManyHasItsResult() throws Exception {
    List<String> ids = tenant("results", 2);
    String unknown = "00000000-0000-0000-0000-000000000001";
    dispose("results", key, "BENIGN", "", "", false, ids.get(1));
    HttpResponse<String> refused =
        disposition("results", key, "TRUE_POSITIVE", "", "", false, ids.get(0), unknown);
    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(alert("results", ids.get(0)).getVerdict()).isEqualTo(Verdict.VERDICT_UNSPECIFIED);

    SetDispositionResponse done =
        dispose("results", key, "TRUE_POSITIVE", "", "", true, ids.get(0), unknown, ids.get(1));
    assertThat(done.getAlerts()).isEqualTo(2);
    assertThat(done.getResultsList())
        .extracting(result -> result.getOutcome())
        .containsExactly(
            TriageOutcome.TRIAGE_OUTCOME_CHANGED,
            TriageOutcome.TRIAGE_OUTCOME_NOT_FOUND,
            TriageOutcome.TRIAGE_OUTCOME_CHANGED);
    assertThat(done.getResults(0).getAuthorBefore()).isEmpty();
    assertThat(done.getResults(2).getVerdictBefore()).isEqualTo(Verdict.VERDICT_BENIGN);
    assertThat(done.getResults(2).getAuthorBefore()).isEqualTo("key:local@system");
    HttpResponse<String> none = disposition("results", key, "TRUE_POSITIVE", "", "", true, unknown);
    assertThat(none.statusCode()).isEqualTo(404);
  }

  // Searches

  @Test
  void searchesKnowOfTriageWhenTheChangeIsAnswered() throws Exception {
    List<String> ids = tenant("search", 6);
    dispose("search", key, "BENIGN", "", "", false, ids.get(0), ids.get(1));
    assign("search", "key:local@system", ids.get(2));

    assertThat(found("search", "filter.states=TRIAGE_STATE_CLOSED"))
        .containsExactlyInAnyOrder(ids.get(0), ids.get(1));
    assertThat(found("search", "filter.states=TRIAGE_STATE_ASSIGNED")).containsExactly(ids.get(2));
    assertThat(
            found("search", "filter.states=TRIAGE_STATE_NEW&filter.states=TRIAGE_STATE_ASSIGNED"))
        .containsExactlyInAnyOrderElementsOf(ids.subList(2, 6));
    assertThat(found("search", "filter.assignees=key:local@system")).containsExactly(ids.get(2));
    assertThat(found("search", "filter.verdicts=VERDICT_OPEN&filter.assignees="))
        .containsExactlyInAnyOrderElementsOf(ids.subList(3, 6));
    GroupAlertsResponse groups =
        read(
            server.get("/v1/tenants/search/alerts:groups?by=ALERT_GROUPING_RULE", key),
            GroupAlertsResponse.getDefaultInstance());
    assertThat(groups.getTotal()).isEqualTo(6);
    assertThat(groups.getGroupsList().stream().mapToLong(group -> group.getOpen()).sum())
        .isEqualTo(4);

    dispose("search", key, "OPEN", "", "", false, ids.get(0));
    assertThat(found("search", "filter.states=TRIAGE_STATE_CLOSED")).containsExactly(ids.get(1));
  }

  @Test
  void triageThatClickHouseMissedIsCopiedWhenItIsBack() throws Exception {
    List<String> ids = tenant("away", 3);
    dispose("away", key, "BENIGN", "", "", false, ids.get(0));
    // As after a change that ClickHouse could not be told of.
    try (var superuser = server.superuser()) {
      superuser.execute(
          "UPDATE triage_states SET mirrored = false, revision = revision + 1,"
              + " verdict = 'true_positive' WHERE tenant_id = 'away'");
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(found("away", "filter.verdicts=VERDICT_TRUE_POSITIVE"))
                    .containsExactly(ids.get(0)));
  }

  // Streams

  @Test
  void aColleaguesTriageComesThroughTheStream() throws Exception {
    List<String> ids = tenant("live", 3);
    String cursor;
    try (GrpcStream stream = stream("live", key, "")) {
      cursor = stream.next().getCursor();
      dispose("live", key, "BENIGN", "approved change", "", false, ids.get(0), ids.get(2));
      List<TriageChange> changes = triage(stream, 2);
      assertThat(changes)
          .extracting(TriageChange::getAlertId)
          .containsExactlyInAnyOrder(ids.get(0), ids.get(2));
      assertThat(changes.get(0).getVerdict()).isEqualTo(Verdict.VERDICT_BENIGN);
      assertThat(changes.get(0).getVerdictReason()).isEqualTo("approved change");
      assertThat(changes.get(0).getChangedBy()).isEqualTo("key:local@system");
    }
    assign("live", "key:local@system", ids.get(1));
    // Resumed, also by a server that knows nothing of the stream.
    String elsewhere = "1" + cursor.substring(cursor.indexOf('.'));
    for (String from : List.of(cursor, elsewhere)) {
      try (GrpcStream again = stream("live", key, from)) {
        assertThat(triage(again, 3))
            .extracting(TriageChange::getAlertId)
            .containsExactlyInAnyOrderElementsOf(ids);
      }
    }
  }

  @Test
  void anAlertThatIsStoredAgainComesWithHowItStands() throws Exception {
    List<String> ids = tenant("again", 1);
    try (GrpcStream stream = stream("again", key, "")) {
      stream.next();
      dispose("again", key, "BENIGN", "", "", false, ids.get(0));
      Alert more = SampleAlerts.alert("again", 0).toBuilder().setCount(5).build();
      store.alertWriter().write(List.of(more));
      StreamAlertsResponse response = until(stream, r -> r.getAlertsCount() > 0);
      assertThat(response.getAlerts(0).getCount()).isEqualTo(5);
      assertThat(response.getAlerts(0).getVerdict()).isEqualTo(Verdict.VERDICT_BENIGN);
    }
  }

  @Test
  void aStreamEndsWithItsKeyAndWithItsUsersRole() throws Exception {
    tenant("ends", 1);
    CreateApiKeyResponse viewer = server.createKey("ends", Role.ROLE_VIEWER);
    try (GrpcStream stream = stream("ends", viewer.getSecret(), "")) {
      stream.next();
      String revoke = "/v1/tenants/ends/apikeys/" + viewer.getApiKey().getKeyId() + ":revoke";
      assertThat(server.send("POST", revoke, key, "{}").statusCode()).isEqualTo(200);
      assertThat(stream.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }
    CreateApiKeyResponse other = server.createKey("ends", Role.ROLE_ANALYST);
    try (GrpcStream stream = stream("ends", other.getSecret(), "")) {
      stream.next();
      // By another server, so that nobody tells this one: what it remembers ends after 5 s.
      try (var superuser = server.superuser()) {
        superuser.execute(
            "UPDATE api_keys SET roles = '{billing}' WHERE key_id = CAST(? AS uuid)",
            other.getApiKey().getKeyId());
      }
      assertThat(stream.end().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }
  }

  private static GrpcStream stream(String tenant, String credential, String cursor) {
    AlertServiceStub stub =
        GrpcClients.builder("gproto+http://127.0.0.1:" + server.port())
            .addHeader("authorization", "Bearer " + credential)
            .responseTimeout(Duration.ZERO)
            .build(AlertServiceStub.class);
    return GrpcStream.open(
        stub, StreamAlertsRequest.newBuilder().setTenantId(tenant).setCursor(cursor).build());
  }

  private static List<TriageChange> triage(GrpcStream stream, int count) throws Exception {
    List<TriageChange> changes = new ArrayList<>();
    while (changes.size() < count) {
      changes.addAll(stream.next().getTriageList());
    }
    return changes;
  }

  private static StreamAlertsResponse until(
      GrpcStream stream, Predicate<StreamAlertsResponse> wanted) throws Exception {
    StreamAlertsResponse response;
    do {
      response = stream.next();
    } while (!wanted.test(response));
    return response;
  }

  // Saved filters

  @Test
  void savedFiltersAreOnesOwnUnlessTheyAreShared() throws Exception {
    server.createTenant("saved");
    server.createTenant("neighbour");
    String ada = server.createKey("saved", Role.ROLE_ANALYST).getSecret();
    String bob = server.createKey("saved", Role.ROLE_ENGINEER).getSecret();
    String viewer = server.createKey("saved", Role.ROLE_VIEWER).getSecret();
    SavedFilter own = save(ada, "mine", "status:open severity:>=high", false);
    SavedFilter shared = save(ada, "ours", "host:ws-01", true);
    assertThat(own.getMine()).isTrue();
    assertThat(own.getOwner()).isEqualTo("key:of ROLE_ANALYST@saved");

    assertThat(names(ada)).containsExactly("mine", "ours");
    assertThat(names(bob)).containsExactly("ours");
    assertThat(names(viewer)).containsExactly("ours");
    String path = "/v1/tenants/saved/savedfilters/";
    String changed = "{\"name\": \"renamed\", \"query\": \"x\"}";
    assertThat(server.send("PUT", path + own.getFilterId(), bob, changed).statusCode())
        .isEqualTo(404);
    assertThat(server.send("PUT", path + shared.getFilterId(), bob, changed).statusCode())
        .isEqualTo(403);
    assertThat(server.send("DELETE", path + shared.getFilterId(), bob, "").statusCode())
        .isEqualTo(403);
    assertThat(server.send("POST", "/v1/tenants/saved/savedfilters", viewer, changed).statusCode())
        .isEqualTo(403);
    assertThat(server.get("/v1/tenants/neighbour/savedfilters", key).body()).doesNotContain("ours");

    assertThat(server.send("PUT", path + own.getFilterId(), ada, changed).statusCode())
        .isEqualTo(200);
    assertThat(names(ada)).containsExactly("ours", "renamed");
    // The operator is an admin: shared ones may be tidied up.
    assertThat(server.send("DELETE", path + shared.getFilterId(), key, "").statusCode())
        .isEqualTo(200);
    assertThat(names(ada)).containsExactly("renamed");
    assertThat(server.get("/v1/tenants/saved/audit", key).body())
        .contains("SavedFilterService/CreateSavedFilter", "SavedFilterService/DeleteSavedFilter");
  }

  @Test
  void aSavedFiltersNameIsItsOwnersOnceAndOneLine() throws Exception {
    server.createTenant("names");
    String base = "/v1/tenants/names/savedfilters";
    String body = "{\"name\": \"%s\", \"query\": \"%s\"}";
    assertThat(server.send("POST", base, key, body.formatted("a", "q")).statusCode())
        .isEqualTo(200);
    assertThat(server.send("POST", base, key, body.formatted("a", "q")).statusCode())
        .isEqualTo(409);
    for (String name : List.of("", "  ", "two\\nlines", "x".repeat(201))) {
      assertThat(server.send("POST", base, key, body.formatted(name, "q")).body())
          .contains("\"field\":\"name\"");
    }
    assertThat(server.send("POST", base, key, body.formatted("b", "q".repeat(4001))).body())
        .contains("\"field\":\"query\"");
    try (var superuser = server.superuser()) {
      superuser.execute(
          "INSERT INTO saved_filters SELECT 'names', gen_random_uuid(), 'n' || n, '',"
              + " 'key:local@system', false, now() FROM generate_series(1, 199) n");
    }
    HttpResponse<String> full = server.send("POST", base, key, body.formatted("c", "q"));
    assertThat(full.statusCode()).isEqualTo(429);
    assertThat(full.body()).contains("200 saved filters");
  }

  private static SavedFilter save(String credential, String name, String query, boolean shared)
      throws Exception {
    return read(
        server.send(
            "POST",
            "/v1/tenants/saved/savedfilters",
            credential,
            "{\"name\": \"%s\", \"query\": \"%s\", \"shared\": %s}".formatted(name, query, shared)),
        SavedFilter.getDefaultInstance());
  }

  private static List<String> names(String credential) throws Exception {
    return read(
            server.get("/v1/tenants/saved/savedfilters", credential),
            ListSavedFiltersResponse.getDefaultInstance())
        .getFiltersList()
        .stream()
        .map(SavedFilter::getName)
        .toList();
  }

  // Keys of changes, of every service but those of rules, which RuleServiceIT has

  @TestFactory
  Stream<DynamicTest> aChangeHappensOnceForItsKey() {
    RepeatedCalls calls = new RepeatedCalls(server, TriageIT::given);
    return RepeatedCalls.changing(name -> !name.contains(".Rule")).stream()
        .map(
            method ->
                DynamicTest.dynamicTest(method.getFullMethodName(), () -> calls.check(method)));
  }

  private static String given(String what, String tenant) throws Exception {
    String path = "/v1/tenants/" + tenant;
    return switch (what) {
      case "alert" -> {
        Alert alert = SampleAlerts.alert(tenant, 0);
        store.alertWriter().write(List.of(alert));
        yield alert.getAlertId();
      }
      case "agent" -> {
        String id = UUID.randomUUID().toString();
        try (Handle handle = server.superuser()) {
          handle.execute(
              "INSERT INTO agents (tenant_id, agent_id, host, platform, agent_version, fingerprint,"
                  + " enrolled_at, certificate_serial, certificate_not_after, changed_at)"
                  + " VALUES (?, ?::uuid, 'h', 'linux', '1', '', now(), '1', now(), now())",
              tenant,
              id);
        }
        yield id;
      }
      case "list" -> made("PUT", path + "/valuelists/old", "{\"entries\":[\"a\"]}", "name");
      case "user" ->
          made(
              "POST",
              path + "/users",
              "{\"name\":\"old\",\"password\":\"correct horse"
                  + " battery\",\"roles\":[\"ROLE_VIEWER\"]}",
              "userId");
      case "key" -> server.createKey(tenant, Role.ROLE_VIEWER).getApiKey().getKeyId();
      case "filter" ->
          made("POST", path + "/savedfilters", "{\"name\":\"old\",\"query\":\"a\"}", "filterId");
      case "token" -> made("POST", path + "/enrolmenttokens", "{\"validHours\":1}", "tokenId");
      default -> throw new AssertionError(what);
    };
  }

  private static String made(String method, String path, String body, String id) throws Exception {
    HttpResponse<String> answer = server.send(method, path, key, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body()).findValue(id).asText();
  }

  // Calls

  /** Makes a tenant with alerts. */
  private static List<String> tenant(String tenant, int alerts) throws Exception {
    server.createTenant(tenant);
    List<Alert> written =
        IntStream.range(0, alerts).mapToObj(n -> SampleAlerts.alert(tenant, n)).toList();
    store.alertWriter().write(written);
    return written.stream().map(Alert::getAlertId).toList();
  }

  private static SetDispositionResponse dispose(
      String tenant,
      String credential,
      String verdict,
      String reason,
      String comment,
      boolean allowMissing,
      String... ids)
      throws Exception {
    return read(
        disposition(tenant, credential, verdict, reason, comment, allowMissing, ids),
        SetDispositionResponse.getDefaultInstance());
  }

  private static HttpResponse<String> disposition(
      String tenant,
      String credential,
      String verdict,
      String reason,
      String comment,
      boolean allowMissing,
      String... ids)
      throws Exception {
    String body =
        """
        {"alertIds": ["%s"], "verdict": "VERDICT_%s", "reason": "%s", "comment": "%s",
          "allowMissing": %s}\
        """
            .formatted(String.join("\", \"", ids), verdict, reason, comment, allowMissing);
    return server.send("POST", "/v1/tenants/" + tenant + "/alerts:disposition", credential, body);
  }

  private static void assign(String tenant, String assignee, String id) throws Exception {
    String body = "{\"alertIds\": [\"%s\"], \"assignee\": \"%s\"}".formatted(id, assignee);
    HttpResponse<String> answer =
        server.send("POST", "/v1/tenants/" + tenant + "/alerts:assign", key, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static AlertRow alert(String tenant, String id) throws Exception {
    return read(
            server.get("/v1/tenants/" + tenant + "/alerts/" + id, key),
            GetAlertResponse.getDefaultInstance())
        .getAlert();
  }

  private static List<String> found(String tenant, String filter) throws Exception {
    ListAlertsResponse page =
        read(
            server.get("/v1/tenants/" + tenant + "/alerts?" + filter, key),
            ListAlertsResponse.getDefaultInstance());
    assertThat(page.getTotal()).isEqualTo(page.getAlertsCount());
    return page.getAlertsList().stream().map(AlertRow::getAlertId).toList();
  }

  private static <M extends com.google.protobuf.Message> M read(
      HttpResponse<String> answer, M prototype) throws Exception {
    return GuardedServer.read(answer, prototype);
  }
}
