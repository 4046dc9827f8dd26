package dev.tidewatch.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.tidewatch.control.audit.SigningKey;
import dev.tidewatch.control.v1.AuditRecord;
import dev.tidewatch.control.v1.CreateApiKeyResponse;
import dev.tidewatch.control.v1.CreateUserRequest;
import dev.tidewatch.control.v1.DeletionCertificate;
import dev.tidewatch.control.v1.GetAlertResponse;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.ListAuditRecordsResponse;
import dev.tidewatch.control.v1.ListRuleVerdictsResponse;
import dev.tidewatch.control.v1.ListTenantsResponse;
import dev.tidewatch.control.v1.ListUsersResponse;
import dev.tidewatch.control.v1.Role;
import dev.tidewatch.control.v1.Triage;
import dev.tidewatch.control.v1.User;
import dev.tidewatch.control.v1.Verdict;
import dev.tidewatch.control.v1.VerifyChainResponse;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.embedded.junit.PostgresExtension;
import dev.tidewatch.store.ClickHouseEndpoint;
import dev.tidewatch.store.ClickHouseStore;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of tenants, users, triage and audit, over real PostgreSQL and ClickHouse. */
class ControlStateIT {
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
    server.createTenant("acme");
  }

  @AfterAll
  static void stop() {
    server.close();
    store.close();
  }

  private static HttpResponse<String> send(
      String method, String path, String body, String... headers) throws Exception {
    return server.send(method, path, key, body, headers);
  }

  // Triage

  @Test
  void dispositionsAreEventsBesideTheAlerts() throws Exception {
    server.createTenant("triage");
    List<String> ids = writeAlerts("triage", 5);
    String base = "/v1/tenants/triage/alerts";
    user("triage", "ada");

    String dispose =
        """
        {"alertIds": ["%s", "%s"], "verdict": "VERDICT_%s", "comment": "%s"}\
        """;
    assertThat(
            send(
                    "POST",
                    base + ":disposition",
                    dispose.formatted(ids.get(0), ids.get(1), "TRUE_POSITIVE", "real"))
                .body())
        .contains("\"alerts\":2");
    assertThat(
            send(
                    "POST",
                    base + ":disposition",
                    dispose.formatted(ids.get(1), ids.get(2), "FALSE_POSITIVE", "<script>"))
                .statusCode())
        .isEqualTo(200);
    assertThat(
            send(
                    "POST",
                    base + ":assign",
                    "{\"alertIds\": [\"" + ids.get(0) + "\"], \"assignee\": \"ada\"}")
                .statusCode())
        .isEqualTo(200);

    GetAlertResponse one =
        GuardedServer.read(
            server.get(base + "/" + ids.get(0), key), GetAlertResponse.getDefaultInstance());
    assertThat(one.getAlert().getVerdict()).isEqualTo(Verdict.VERDICT_TRUE_POSITIVE);
    assertThat(one.getAlert().getAssignee()).isEqualTo("ada");
    ListAlertsResponse all =
        GuardedServer.read(server.get(base, key), ListAlertsResponse.getDefaultInstance());
    assertThat(all.getAlertsList())
        .filteredOn(row -> row.getVerdict() == Verdict.VERDICT_FALSE_POSITIVE)
        .extracting(row -> row.getAlertId())
        .containsExactlyInAnyOrder(ids.get(1), ids.get(2));
    Triage story =
        GuardedServer.read(
            server.get(base + "/" + ids.get(1) + "/triage", key), Triage.getDefaultInstance());
    assertThat(story.getEventsList())
        .extracting(event -> event.getDisposition().getVerdict())
        .containsExactly(Verdict.VERDICT_TRUE_POSITIVE, Verdict.VERDICT_FALSE_POSITIVE);
    assertThat(story.getEvents(0).getAuthor()).isEqualTo("key:local@system");

    ListRuleVerdictsResponse verdicts =
        GuardedServer.read(
            server.get(base + ":verdicts", key), ListRuleVerdictsResponse.getDefaultInstance());
    assertThat(verdicts.getRulesList().stream().mapToLong(rule -> rule.getTruePositives()).sum())
        .isEqualTo(1);
    assertThat(verdicts.getRulesList().stream().mapToLong(rule -> rule.getFalsePositives()).sum())
        .isEqualTo(2);
  }

  @Test
  void manyAreTriagedAllOrNone() throws Exception {
    server.createTenant("bulk");
    List<String> ids = writeAlerts("bulk", 3);
    String unknown = "00000000-0000-0000-0000-000000000001";
    String body =
        "{\"alertIds\": [\"%s\", \"%s\"], \"verdict\": \"VERDICT_BENIGN\"}"
            .formatted(ids.get(0), unknown);
    HttpResponse<String> answer = send("POST", "/v1/tenants/bulk/alerts:disposition", body);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains(unknown, "nothing was changed");
    assertThat(server.get("/v1/tenants/bulk/alerts/" + ids.get(0) + "/triage", key).body())
        .doesNotContain("VERDICT_BENIGN");
    HttpResponse<String> wrong =
        send(
            "POST",
            "/v1/tenants/bulk/alerts:disposition",
            "{\"alertIds\": [\"x\"], \"verdict\": \"VERDICT_OPEN\"}");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body()).contains("alert_ids[0]");
    assertThat(
            send(
                    "POST",
                    "/v1/tenants/bulk/alerts:assign",
                    "{\"alertIds\": [\"" + ids.get(0) + "\"], \"assignee\": \"nobody\"}")
                .body())
        .contains("\"field\":\"assignee\"");
  }

  private static List<String> writeAlerts(String tenant, int count) {
    var alerts = IntStream.range(0, count).mapToObj(n -> SampleAlerts.alert(tenant, n)).toList();
    store.alertWriter().write(alerts);
    return alerts.stream().map(alert -> alert.getAlertId()).toList();
  }

  // Changes

  private static User user(String tenant, String name) throws Exception {
    return GuardedServer.read(createUser(tenant, name), User.getDefaultInstance());
  }

  private static HttpResponse<String> createUser(String tenant, String name, String... headers)
      throws Exception {
    return server.post(
        "/v1/tenants/" + tenant + "/users",
        key,
        CreateUserRequest.newBuilder()
            .setTenantId(tenant)
            .setName(name)
            .setPassword("a long enough password")
            .addRoles(Role.ROLE_ANALYST)
            .build(),
        headers);
  }

  @Test
  void aChangeWithAnIdempotencyKeyHappensOnce() throws Exception {
    HttpResponse<String> first = createUser("acme", "once", "idempotency-key", "k-1");
    HttpResponse<String> again = createUser("acme", "once", "idempotency-key", "k-1");
    assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    HttpResponse<String> other = createUser("acme", "another", "idempotency-key", "k-1");
    assertThat(other.statusCode()).isEqualTo(400);
    assertThat(other.body()).contains("idempotency-key", "another request");
    assertThat(createUser("acme", "once").statusCode()).as("without key").isEqualTo(409);

    List<CompletableFuture<Integer>> racing = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      racing.add(CompletableFuture.supplyAsync(() -> status("raced")));
    }
    assertThat(racing).allSatisfy(call -> assertThat(call.join()).isEqualTo(200));
    ListUsersResponse users =
        GuardedServer.read(
            server.get("/v1/tenants/acme/users", key), ListUsersResponse.getDefaultInstance());
    assertThat(users.getUsersList()).extracting(User::getName).containsOnlyOnce("raced", "once");
  }

  private static int status(String name) {
    try {
      return createUser("acme", name, "idempotency-key", "k-race").statusCode();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everythingWrongIsNamed() throws Exception {
    HttpResponse<String> answer =
        send("POST", "/v1/tenants/acme/users", "{\"name\": \"a@b\", \"password\": \"short\"}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("\"field\":\"name\"", "\"field\":\"password\"", "\"field\":\"roles\"")
        .doesNotContain("short\"");
  }

  @Test
  void aDisabledUserIsOutAtOnce() throws Exception {
    User user = user("acme", "leaver");
    HttpResponse<String> signedIn =
        server.send(
            "POST",
            "/v1/session",
            "",
            "{\"user\": \"leaver@acme\", \"password\": \"a long enough password\"}");
    assertThat(signedIn.statusCode()).as(signedIn.body()).isEqualTo(200);
    String cookie = signedIn.headers().firstValue("set-cookie").orElseThrow().replaceAll(";.*", "");
    String rules = "/v1/tenants/acme/rules";
    assertThat(server.send("GET", rules, "", "", "cookie", cookie).statusCode()).isEqualTo(200);
    HttpResponse<String> patched =
        send(
            "PATCH",
            "/v1/tenants/acme/users/" + user.getUserId(),
            "{\"disabled\": true, \"updateMask\": \"disabled\"}");
    assertThat(patched.statusCode()).as(patched.body()).isEqualTo(200);
    assertThat(server.send("GET", rules, "", "", "cookie", cookie).statusCode()).isEqualTo(401);
  }

  @Test
  void listsOfValuesAreChangedFromTheVersionThatWasRead() throws Exception {
    String path = "/v1/tenants/acme/valuelists/admins";
    assertThat(send("PUT", path, "{\"entries\": [\"ada\"]}").body()).contains("\"version\":1");
    assertThat(send("PUT", path, "{\"entries\": [\"ada\", \"bob\"], \"baseVersion\": 1}").body())
        .contains("\"version\":2");
    HttpResponse<String> stale = send("PUT", path, "{\"entries\": [\"eve\"], \"baseVersion\": 1}");
    assertThat(stale.statusCode()).isEqualTo(409);
    assertThat(stale.body()).contains("ABORTED", "version 2");
  }

  @Test
  void tenantsAreListedByPagesAndOnlyToOperatorsInWhole() throws Exception {
    String viewer = server.createKey("acme", Role.ROLE_VIEWER).getSecret();
    ListTenantsResponse own =
        GuardedServer.read(
            server.get("/v1/tenants", viewer), ListTenantsResponse.getDefaultInstance());
    assertThat(own.getTenantsList())
        .extracting(tenant -> tenant.getTenantId())
        .containsExactly("acme");
    ListTenantsResponse first =
        GuardedServer.read(
            server.get("/v1/tenants?page_size=2", key), ListTenantsResponse.getDefaultInstance());
    assertThat(first.getTenantsList()).hasSize(2);
    assertThat(server.get("/v1/tenants?page_token=" + first.getNextPageToken(), key).body())
        .contains("\"system\"");
    assertThat(server.get("/v1/tenants?page_token=%25", key).statusCode()).isEqualTo(400);
  }

  // Tenants that go

  @Test
  void aDeletedTenantIsGoneEverywhereAndTheCertificateSaysSo() throws Exception {
    server.createTenant("leaving");
    writeAlerts("leaving", 4);
    user("leaving", "ada");
    CreateApiKeyResponse foreignKey = server.createKey("leaving", Role.ROLE_ADMIN);
    assertThat(send("DELETE", "/v1/tenants/leaving", "").statusCode())
        .as("unconfirmed")
        .isEqualTo(400);
    DeletionCertificate certificate =
        GuardedServer.read(
            send("DELETE", "/v1/tenants/leaving?confirm=leaving", ""),
            DeletionCertificate.getDefaultInstance());

    assertThat(certificate.getCountsList())
        .anySatisfy(
            count -> {
              assertThat(count.getPlace()).isEqualTo("clickhouse.alerts");
              assertThat(count.getRows()).isEqualTo(4);
            })
        .anySatisfy(
            count -> {
              assertThat(count.getPlace()).isEqualTo("postgresql.users");
              assertThat(count.getRows()).isEqualTo(1);
            });
    byte[] signed = certificate.toBuilder().clearSignature().build().toByteArray();
    SigningKey signing = SigningKey.at(directory.resolve("signing.key"));
    assertThat(signing.verifies(signed, certificate.getSignature().toByteArray())).isTrue();
    signed[10] ^= 1;
    assertThat(signing.verifies(signed, certificate.getSignature().toByteArray())).isFalse();

    try (Handle superuser = server.superuser()) {
      List<String> tables =
          superuser
              .createQuery(
                  "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace ="
                      + " 'public'::regnamespace")
              .mapTo(String.class)
              .list();
      tables.removeAll(List.of("audit_log", "audit_roots", "tenants", "flyway_schema_history"));
      for (String table : tables) {
        assertThat(
                superuser
                    .createQuery("SELECT count(*) FROM " + table + " WHERE tenant_id = 'leaving'")
                    .mapTo(Long.class)
                    .one())
            .as(table)
            .isZero();
      }
    }
    assertThat(server.get("/v1/tenants/leaving/alerts", foreignKey.getSecret()).statusCode())
        .isEqualTo(401);
    assertThat(
            send("POST", "/v1/tenants", "{\"tenantId\": \"leaving\", \"displayName\": \"again\"}")
                .statusCode())
        .isEqualTo(409);
    assertThat(server.get("/v1/tenants/leaving/audit", key).body())
        .contains("DeleteTenant", certificate.getCertificateId());
  }

  @Test
  void retentionIsEnforcedByClickHouse() throws Exception {
    server.createTenant("forgets");
    assertThat(
            send("PUT", "/v1/tenants/forgets/retention", "{\"eventsDays\": 7, \"alertsDays\": 30}")
                .body())
        .contains("\"eventsDays\":7");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(
                        RawSql.query(
                            CLICKHOUSE.url(),
                            "SELECT create_table_query FROM system.tables WHERE database ="
                                + " 'tidewatch' AND name = 'alerts'"))
                    .contains("forgets", "TTL"));
  }

  // Audit

  @Test
  void changesAndRefusalsAreRecordedAndTamperingIsFound() throws Exception {
    server.createTenant("audited");
    user("audited", "ada");
    String viewer = server.createKey("audited", Role.ROLE_VIEWER).getSecret();
    assertThat(server.get("/v1/tenants/audited/users", viewer).statusCode()).isEqualTo(403);
    assertThat(server.get("/v1/tenants/acme/rules", viewer).statusCode()).isEqualTo(403);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(audit("audited", "refused")).hasSize(2));
    assertThat(audit("audited", "refused"))
        .allMatch(record -> record.getActor().equals("key:of ROLE_VIEWER@audited"))
        .anyMatch(record -> record.getResource().equals("acme"));
    assertThat(audit("audited", "changed"))
        .extracting(AuditRecord::getResource)
        .containsExactly("api key of ROLE_VIEWER", "user ada", "tenant audited");
    assertThat(server.get("/v1/tenants/audited/audit", key).body())
        .doesNotContain(viewer, "argon2", "password\"");

    VerifyChainResponse intact = verify("audited");
    assertThat(intact.getIntact()).as(intact.getReason()).isTrue();
    assertThat(intact.getRecords()).isEqualTo(5);

    try (Handle superuser = server.superuser()) {
      for (String change :
          List.of(
              "UPDATE audit_log SET actor = 'x'",
              "DELETE FROM audit_log",
              "TRUNCATE audit_log",
              "UPDATE audit_roots SET root = root")) {
        assertThatThrownBy(() -> superuser.execute(change))
            .as(change)
            .hasMessageContaining("append-only");
      }
      // Who takes the trigger away first is still found.
      superuser.execute("ALTER TABLE audit_log DISABLE TRIGGER append_only");
      superuser.execute(
          "UPDATE audit_log SET actor = 'user:mallory@audited' WHERE tenant_id = 'audited' AND"
              + " sequence = 2");
      VerifyChainResponse broken = verify("audited");
      assertThat(broken.getIntact()).isFalse();
      assertThat(broken.getBrokenSequence()).isEqualTo(2);
      superuser.execute("ALTER TABLE audit_log ENABLE TRIGGER append_only");
    }
  }

  @Test
  void unknownCallersAreRecordedForTheOperators() throws Exception {
    assertThat(server.get("/v1/tenants/acme/rules", "").statusCode()).isEqualTo(401);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(audit("system", "refused"))
                    .anyMatch(record -> record.getMethod().endsWith("RuleService/ListRules")));
  }

  @Test
  void recordsAreFoundByMethodAndTime() throws Exception {
    server.createTenant("searched");
    createUser("searched", "early");
    createUser("searched", "later");
    List<AuditRecord> users = audit("searched", "&method=AccessService/CreateUser");
    assertThat(users)
        .extracting(AuditRecord::getResource)
        .containsExactly("user later", "user early");
    assertThat(audit("searched", "&method=CreateUser")).isEqualTo(users);
    assertThat(audit("searched", "&method=AccessService")).isEmpty();
    assertThat(audit("searched", "&method=%25CreateUser")).as("no pattern").isEmpty();
    long later = users.get(0).getTimeUs() / 1000;
    assertThat(audit("searched", "&from_ms=" + (later + 1))).isEmpty();
    assertThat(audit("searched", "&method=CreateUser&from_ms=" + later)).contains(users.get(0));
    assertThat(audit("searched", "&to_ms=" + (later + 1))).containsAll(users);
    assertThat(audit("searched", "&to_ms=1")).isEmpty();
    assertThat(server.get("/v1/tenants/searched/audit?from_ms=20&to_ms=10", key).statusCode())
        .isEqualTo(400);
  }

  private static List<AuditRecord> audit(String tenant, String outcome) throws Exception {
    return GuardedServer.read(
            server.get("/v1/tenants/" + tenant + "/audit?outcome=" + outcome, key),
            ListAuditRecordsResponse.getDefaultInstance())
        .getRecordsList();
  }

  private static VerifyChainResponse verify(String tenant) throws Exception {
    return GuardedServer.read(
        server.get("/v1/tenants/" + tenant + "/audit:verify", key),
        VerifyChainResponse.getDefaultInstance());
  }

  @Test
  void concurrentChangesMakeOneChain() throws Exception {
    server.createTenant("busy");
    List<CompletableFuture<Void>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int list = i;
      calls.add(
          CompletableFuture.runAsync(
              () -> {
                for (int n = 0; n < 5; n++) {
                  put("/v1/tenants/busy/valuelists/list" + list);
                }
              }));
    }
    calls.forEach(CompletableFuture::join);
    VerifyChainResponse verified = verify("busy");
    assertThat(verified.getIntact()).as(verified.getReason()).isTrue();
    assertThat(verified.getRecords()).isEqualTo(41);
    assertThat(verified.getHead()).isNotEqualTo(ByteString.EMPTY);
  }

  private static void put(String path) {
    try {
      assertThat(send("PUT", path, "{\"entries\": [\"x\"]}").statusCode()).isEqualTo(200);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  // The rest

  @Test
  void theOpenApiDocumentDescribesEveryPath() throws Exception {
    JsonNode document = new ObjectMapper().readTree(server.get("/openapi.json", "").body());
    assertThat(document.path("openapi").asText()).startsWith("3.0");
    JsonNode paths = document.path("paths");
    assertThat(paths.size()).isGreaterThan(25);
    JsonNode users = paths.path("/v1/tenants/{tenant_id}/users");
    assertThat(users.path("post").path("x-permission").asText())
        .isEqualTo("PERMISSION_ACCESS_MANAGE");
    assertThat(users.path("get").path("parameters").findValuesAsText("name"))
        .contains("tenant_id", "page_size", "page_token");
    assertThat(
            paths
                .path("/v1/tenants/{tenant_id}/alerts")
                .path("get")
                .path("parameters")
                .findValuesAsText("name"))
        .contains("filter.host", "filter.levels");
    List<String> references = document.findValuesAsText("$ref");
    assertThat(references)
        .isNotEmpty()
        .allSatisfy(
            reference ->
                assertThat(document.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse());
  }

  @Test
  void theKeyFileIsItsOwnersOnly() throws Exception {
    Path file = directory.resolve(LocalOperator.KEY_FILE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("signing.key"))))
        .isEqualTo("rw-------");
  }
}
