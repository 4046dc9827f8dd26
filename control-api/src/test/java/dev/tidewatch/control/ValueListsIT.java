package dev.tidewatch.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewatch.control.v1.DeployRulesRequest;
import dev.tidewatch.control.v1.ListValueListsResponse;
import dev.tidewatch.control.v1.RuleFile;
import dev.tidewatch.control.v1.RuleText;
import dev.tidewatch.control.v1.TestRulesRequest;
import dev.tidewatch.control.v1.TestRulesResponse;
import dev.tidewatch.control.v1.ValidateRulesRequest;
import dev.tidewatch.control.v1.ValidateRulesResponse;
import dev.tidewatch.control.v1.ValueList;
import dev.tidewatch.deploy.RuleTopic;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.embedded.junit.PostgresExtension;
import dev.tidewatch.events.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Value lists on their way from a caller to the topic of rules, over real Kafka and PostgreSQL. */
class ValueListsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  @TempDir static Path directory;

  private static GuardedServer server;

  private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
  private final String list = "l" + UUID.randomUUID().toString().substring(0, 8);
  private final String base = "/v1/tenants/" + tenant + "/valuelists";

  @BeforeAll
  static void start() {
    // As the job does, which follows both.
    RuleTopic.createStatus(
        Map.of("bootstrap.servers", KAFKA.bootstrapServers()), Topics.RULES_STATUS);
    server = start(KAFKA.bootstrapServers());
  }

  private static GuardedServer start(String kafka) {
    return GuardedServer.start(
        POSTGRES.postgres(), "http://127.0.0.1:1", kafka, directory, access -> access);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> put(String path, Object entries) throws Exception {
    String body = JSON.writeValueAsString(Map.of("entries", entries));
    return server.send("PUT", path, server.operatorKey, body);
  }

  private void set(String ofTenant, String... entries) throws Exception {
    HttpResponse<String> answer =
        put("/v1/tenants/" + ofTenant + "/valuelists/" + list, List.of(entries));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                lists(ofTenant).stream()
                    .anyMatch(found -> found.getName().equals(list) && found.getDeployed()));
  }

  private static List<ValueList> lists(String tenant) throws Exception {
    return GuardedServer.read(
            server.get("/v1/tenants/" + tenant + "/valuelists", server.operatorKey),
            ListValueListsResponse.getDefaultInstance())
        .getListsList();
  }

  private static Map<String, Map<String, List<String>>> deployed() {
    return new RuleTopic(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), Topics.RULES)
        .read()
        .lists()
        .byTenant();
  }

  private String rule() {
    return """
    title: Logon of an Admin of %s
    id: %s
    logsource:
      product: windows
      service: security
    detection:
      selection:
        TargetUserName|expand: '%%%s%%'
      condition: selection
    """
        .formatted(list, UUID.randomUUID(), list);
  }

  private HttpResponse<String> deploy(String rule) throws Exception {
    return server.post(
        "/v1/tenants/" + tenant + "/rules:deploy",
        server.operatorKey,
        DeployRulesRequest.newBuilder()
            .setTenantId(tenant)
            .addFiles(RuleFile.newBuilder().setFile("admins.yml").setText(rule))
            .build());
  }

  @Test
  void aListReachesTheTopicAndWhatIsThereIsKept() throws Exception {
    server.createTenant(tenant);
    set(tenant, "ann", "root");
    assertThat(deployed().get(tenant)).isEqualTo(Map.of(list, List.of("ann", "root")));

    set(tenant, "bob");
    assertThat(deployed().get(tenant)).isEqualTo(Map.of(list, List.of("bob")));
    assertThat(lists(tenant).get(0).getVersion()).isEqualTo(2);

    HttpResponse<String> gone = server.send("DELETE", base + "/" + list, server.operatorKey, "");
    assertThat(gone.statusCode()).isEqualTo(200);
    await().atMost(PATIENCE).until(() -> !deployed().containsKey(tenant));
  }

  @Test
  void aDeletedTenantsListsGoToo() throws Exception {
    server.createTenant(tenant);
    set(tenant, "ann");
    try (var superuser = server.superuser()) {
      // What the deletion does to PostgreSQL; ClickHouse is not there in this test.
      superuser.execute("DELETE FROM value_lists WHERE tenant_id = ?", tenant);
    }
    await().atMost(PATIENCE).until(() -> !deployed().containsKey(tenant));
  }

  @Test
  void aRuleNeedsItsListAndAListItsRules() throws Exception {
    server.createTenant(tenant);
    String rule = rule();
    assertThat(deploy(rule).body()).as("nobody has the list").contains("TW-E1209");
    set(tenant, "ann");
    HttpResponse<String> answer = deploy(rule);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).doesNotContain("TW-E");

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                server
                    .get("/v1/tenants/" + tenant + "/rules?page_size=1000", server.operatorKey)
                    .body()
                    .contains(list));

    HttpResponse<String> refused = server.send("DELETE", base + "/" + list, server.operatorKey, "");
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(refused.body())
        .contains("FAILED_PRECONDITION", "is named by 1 rule: Logon of an Admin of " + list);
    assertThat(deleted(base, true).body()).as("nobody else has it").contains("would not compile");
    assertThat(lists(tenant)).as("nothing was deleted").hasSize(1);
    assertThat(lists(tenant).get(0).getRules()).isEqualTo(1);
    assertThat(lists(tenant).get(0).getUsedBy(0).getTitle()).contains(list);
    set("system", "everybody");
    assertThat(deleted(base, false).statusCode()).as("it finds other values then").isEqualTo(400);
    assertThat(deleted(base, true).statusCode()).as("the operators' is left").isEqualTo(200);
    assertThat(lists("system"))
        .filteredOn(found -> found.getName().equals(list))
        .extracting(ValueList::getRules)
        .containsExactly(1);
  }

  private HttpResponse<String> deleted(String base, boolean force) throws Exception {
    String path = base + "/" + list + (force ? "?force=true" : "");
    return server.send("DELETE", path, server.operatorKey, "");
  }

  @Test
  void aTenantIsShownOfARulesUseWhatItSeesOfRules() throws Exception {
    String other = "o" + UUID.randomUUID().toString().substring(0, 8);
    server.createTenant(tenant);
    server.createTenant(other);
    set(tenant, "ann");
    set(other, "bob");
    DeployRulesRequest own =
        DeployRulesRequest.newBuilder()
            .setTenantId(tenant)
            .addTenants(tenant)
            .addFiles(RuleFile.newBuilder().setFile("admins.yml").setText(rule()))
            .build();
    HttpResponse<String> answer =
        server.post("/v1/tenants/" + tenant + "/rules:deploy", server.operatorKey, own);
    assertThat(answer.body()).contains("\"revision\"");
    assertThat(lists(tenant).get(0).getRules()).isEqualTo(1);
    assertThat(lists(other).get(0).getRules()).isZero();
    assertThat(deleted("/v1/tenants/" + other + "/valuelists", false).statusCode()).isEqualTo(200);
    assertThat(deleted(base, false).body()).contains("is named by 1 rule");
  }

  @Test
  void theWorkbenchKnowsTheTenantsLists() throws Exception {
    server.createTenant(tenant);
    set("system", "root");
    set(tenant, "ann");
    RuleText text = RuleText.newBuilder().setFile("a.yml").setText(rule()).build();
    for (String whose : List.of(tenant, "default")) {
      ValidateRulesResponse valid =
          GuardedServer.read(
              server.post(
                  "/v1/tenants/" + whose + "/rules:validate",
                  server.operatorKey,
                  ValidateRulesRequest.newBuilder().setTenantId(whose).addSources(text).build()),
              ValidateRulesResponse.getDefaultInstance());
      assertThat(valid.getRulesCount()).as(whose).isEqualTo(1);
    }
    assertThat(fires(tenant, text, "ann")).isTrue();
    assertThat(fires(tenant, text, "root")).isFalse();
    assertThat(fires("default", text, "root")).isTrue();
  }

  private static boolean fires(String whose, RuleText text, String user) throws Exception {
    String event =
        "{\"Channel\":\"Security\",\"EventID\":4624,\"TargetUserName\":\"%s\"}".formatted(user);
    return GuardedServer.read(
            server.post(
                "/v1/tenants/" + whose + "/rules:test",
                server.operatorKey,
                TestRulesRequest.newBuilder()
                    .setTenantId(whose)
                    .addSources(text)
                    .addEvents(event)
                    .build()),
            TestRulesResponse.getDefaultInstance())
        .getEvents(0)
        .getVerdicts(0)
        .getFired();
  }

  @Test
  void whatIsNoListIsRefused() throws Exception {
    server.createTenant(tenant);
    String path = base + "/" + list;
    for (Object bad :
        List.of(
            List.of(),
            List.of("a\u0000b"),
            List.of("a\u001bb"),
            List.of("line\nfeed"),
            List.of(" "),
            List.of(""),
            List.of("x".repeat(1_001)),
            Collections.nCopies(100_001, "x"),
            "not a list",
            List.of(List.of("nested")),
            Map.of("a", "b"))) {
      HttpResponse<String> answer = put(path, bad);
      String shown = bad.toString().substring(0, Math.min(40, bad.toString().length()));
      assertThat(answer.statusCode()).as(shown).isEqualTo(400);
    }
    String[] large = Collections.nCopies(2_000, "y".repeat(900)).toArray(String[]::new);
    assertThat(isTaken(path, large)).as("1.8 MB").isFalse();
    assertThat(put(base + "/..", List.of("x")).statusCode()).isIn(400, 404);
    assertThat(put(base + "/%00", List.of("x")).statusCode()).isIn(400, 404);
    assertThat(lists(tenant)).isEmpty();

    List<String> many = IntStream.range(0, 100_000).mapToObj(i -> "v" + i).toList();
    assertThat(put(path, many).statusCode()).as("100,000 values").isEqualTo(200);
    await().atMost(PATIENCE).until(() -> lists(tenant).get(0).getDeployed());
    assertThat(deployed().get(tenant).get(list)).hasSize(100_000);
  }

  /**
   * By HTTP/1.1, where the server may close the connection while the client still sends: of an
   * answer that comes before the request's end, Java's client for HTTP/2 hears only when the
   * connection times out.
   */
  private static boolean isTaken(String path, String[] entries) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .version(HttpClient.Version.HTTP_1_1)
            .header("content-type", "application/json")
            .header("authorization", "Bearer " + server.operatorKey)
            .PUT(BodyPublishers.ofString(JSON.writeValueAsString(Map.of("entries", entries))))
            .build();
    try {
      return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode()
          != 413;
    } catch (java.io.IOException closed) {
      return false;
    }
  }

  @Test
  void whatWasSetWhileKafkaWasAwayIsToldLater() throws Exception {
    server.createTenant(tenant);
    try (GuardedServer away = start("127.0.0.1:1")) {
      String body = "{\"entries\": [\"ann\"]}";
      HttpResponse<String> answer = away.send("PUT", base + "/" + list, away.operatorKey, body);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).doesNotContain("\"deployed\":true");
    }
    await().atMost(PATIENCE).until(() -> deployed().containsKey(tenant));
  }

  @Test
  void listsComeInPages() throws Exception {
    server.createTenant(tenant);
    for (int i = 0; i < 3; i++) {
      assertThat(put(base + "/list" + i, List.of("x")).statusCode()).isEqualTo(200);
    }
    ListValueListsResponse first =
        GuardedServer.read(
            server.get(base + "?page_size=2", server.operatorKey),
            ListValueListsResponse.getDefaultInstance());
    assertThat(first.getListsList())
        .extracting(ValueList::getName)
        .containsExactly("list0", "list1");
    ListValueListsResponse second =
        GuardedServer.read(
            server.get(
                base + "?page_size=2&page_token=" + first.getNextPageToken(), server.operatorKey),
            ListValueListsResponse.getDefaultInstance());
    assertThat(second.getListsList()).extracting(ValueList::getName).containsExactly("list2");
    assertThat(second.getNextPageToken()).isEmpty();
  }
}
