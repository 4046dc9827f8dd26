package dev.tidewatch.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.tidewatch.control.v1.CreateRuleVersionRequest;
import dev.tidewatch.control.v1.CreateRuleVersionResponse;
import dev.tidewatch.control.v1.DeployRulesRequest;
import dev.tidewatch.control.v1.DeployRulesResponse;
import dev.tidewatch.control.v1.ExportRulesResponse;
import dev.tidewatch.control.v1.ImportRulesRequest;
import dev.tidewatch.control.v1.ImportRulesResponse;
import dev.tidewatch.control.v1.ListRuleFiguresResponse;
import dev.tidewatch.control.v1.ListRuleHistoryResponse;
import dev.tidewatch.control.v1.ListRuleVersionsResponse;
import dev.tidewatch.control.v1.ListRulesResponse;
import dev.tidewatch.control.v1.Role;
import dev.tidewatch.control.v1.Rule;
import dev.tidewatch.control.v1.RuleDeploymentServiceGrpc;
import dev.tidewatch.control.v1.RuleDiff;
import dev.tidewatch.control.v1.RuleEvent;
import dev.tidewatch.control.v1.RuleFile;
import dev.tidewatch.control.v1.RuleServiceGrpc;
import dev.tidewatch.control.v1.RuleSetStatus;
import dev.tidewatch.control.v1.StageRuleRequest;
import dev.tidewatch.control.v1.StoredRuleVersion;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.embedded.junit.PostgresExtension;
import dev.tidewatch.events.v1.RuleStage;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What engineers do with rules, as JSON over a real Kafka and PostgreSQL. */
class RuleServiceIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  @TempDir static Path directory;

  private static GuardedServer server;

  private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
  private final String rule = UUID.randomUUID().toString();

  @BeforeAll
  static void start() {
    server =
        GuardedServer.start(
            POSTGRES.postgres(),
            "http://127.0.0.1:1",
            KAFKA.bootstrapServers(),
            directory,
            access -> access);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void tenant() throws Exception {
    server.createTenant(tenant);
  }

  private String source(String id, String title, String condition) {
    return """
    title: %s
    id: %s
    level: high
    tags: [attack.credential-access, attack.t1110.001]
    logsource:
      product: windows
      service: security
    detection:
      selection:
        %s
      condition: selection
    """
        .formatted(title, id, condition);
  }

  private CreateRuleVersionRequest.Builder version(int base, String condition) {
    return CreateRuleVersionRequest.newBuilder()
        .setTenantId(tenant)
        .setFile("logon.yml")
        .setSource(source(rule, "Failed Logon", condition))
        .setComment("because of " + condition)
        .setBaseVersion(base);
  }

  private HttpResponse<String> create(String key, CreateRuleVersionRequest.Builder request)
      throws Exception {
    return server.post(path("/ruleversions"), key, request.build());
  }

  private CreateRuleVersionResponse created(CreateRuleVersionRequest.Builder request)
      throws Exception {
    return GuardedServer.read(
        create(server.operatorKey, request), CreateRuleVersionResponse.getDefaultInstance());
  }

  private String path(String rest) {
    return "/v1/tenants/" + tenant + rest;
  }

  private <M extends com.google.protobuf.Message> M get(String rest, M prototype) throws Exception {
    return GuardedServer.read(server.get(path(rest), server.operatorKey), prototype);
  }

  private DeployRulesResponse stage(int version, RuleStage stage, String... tenants)
      throws Exception {
    StageRuleRequest request =
        StageRuleRequest.newBuilder()
            .setTenantId(tenant)
            .setRuleId(rule)
            .setVersion(version)
            .setStage(stage)
            .addAllTenants(List.of(tenants))
            .setComment("to " + stage)
            .build();
    return GuardedServer.read(
        server.post(path("/rules/" + rule + ":stage"), server.operatorKey, request),
        DeployRulesResponse.getDefaultInstance());
  }

  @Test
  void aVersionIsDraftedStagedComparedAndItsHistoryTold() throws Exception {
    CreateRuleVersionResponse first = created(version(0, "EventID: 1"));
    assertThat(first.getVersion().getVersion()).isEqualTo(1);
    assertThat(first.getVersion().getComment()).isEqualTo("because of EventID: 1");
    assertThat(first.getVersion().getPlaces(0).getStage()).isEqualTo(RuleStage.RULE_STAGE_DRAFT);
    stage(1, RuleStage.RULE_STAGE_LIVE);
    created(version(1, "EventID: 2"));
    stage(0, RuleStage.RULE_STAGE_LIVE, tenant);
    assertThat(created(version(2, "EventID: 1")).getExisted()).isTrue();

    ListRuleVersionsResponse versions =
        get(
            "/rules/" + rule + "/versions?pageSize=1",
            ListRuleVersionsResponse.getDefaultInstance());
    assertThat(versions.getVersionsList())
        .extracting(StoredRuleVersion::getVersion, StoredRuleVersion::getAuthor)
        .containsExactly(tuple(2, "key:local@system"));
    assertThat(versions.getVersions(0).getPlaces(0).getTenantsList()).containsExactly(tenant);
    assertThat(
            get(
                    "/rules/" + rule + "/versions?pageToken=" + versions.getNextPageToken(),
                    ListRuleVersionsResponse.getDefaultInstance())
                .getVersionsList())
        .extracting(StoredRuleVersion::getVersion)
        .containsExactly(1);
    assertThat(
            get("/rules/" + rule + "/versions/1", StoredRuleVersion.getDefaultInstance())
                .getSource())
        .contains("EventID: 1");

    RuleDiff diff = get("/rules/" + rule + "/diff", RuleDiff.getDefaultInstance());
    assertThat(diff.getUnified()).contains("-    EventID: 1\n", "+    EventID: 2\n");
    assertThat(diff.getFields(0).getPath()).isEqualTo("detection.selection.EventID");
    assertThat(diff.getFrom().getVersion()).isEqualTo(1);

    stage(0, RuleStage.RULE_STAGE_RETIRED);
    List<RuleEvent> events =
        get("/rules/" + rule + "/history", ListRuleHistoryResponse.getDefaultInstance())
            .getEventsList();
    assertThat(events)
        .extracting(RuleEvent::getAction, RuleEvent::getVersion, RuleEvent::getComment)
        .containsExactly(
            tuple("retired", 1, "to RULE_STAGE_RETIRED"),
            tuple("staged", 2, "to RULE_STAGE_LIVE"),
            tuple("created", 2, "because of EventID: 2"),
            tuple("staged", 1, "to RULE_STAGE_LIVE"),
            tuple("created", 1, "because of EventID: 1"));
    assertThat(events).noneMatch(RuleEvent::getWaitsForKafka);
    assertThat(events.get(1).getBeforeCount()).isEqualTo(2);
  }

  @Test
  void ofTwoWhoChangeOneRuleTheSecondIsToldOfTheFirst() throws Exception {
    created(version(0, "EventID: 1"));
    String bob = server.createKey(tenant, Role.ROLE_ENGINEER).getSecret();
    assertThat(create(bob, version(1, "EventID: 2")).statusCode()).isEqualTo(200);

    HttpResponse<String> late = create(server.operatorKey, version(1, "EventID: 3"));
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(late.body()).contains("version 2 of rule " + rule + " was made by key:of");
    HttpResponse<String> deployed =
        server.post(
            path("/rules:deploy"),
            server.operatorKey,
            DeployRulesRequest.newBuilder()
                .setTenantId(tenant)
                .addFiles(
                    RuleFile.newBuilder()
                        .setFile("logon.yml")
                        .setText(source(rule, "Failed Logon", "EventID: 4"))
                        .setBaseVersion(1))
                .build());
    assertThat(deployed.statusCode()).as(deployed.body()).isEqualTo(409);
    assertThat(create(server.operatorKey, version(0, "EventID: 5")).statusCode()).isEqualTo(409);
    assertThat(created(version(2, "EventID: 6")).getVersion().getVersion()).isEqualTo(3);
  }

  /** A word of the rule's text, title, file and comment that nobody else has. */
  private static final String SECRET = "Zanzibar";

  @Test
  void whatIsOneTenantsAloneNoOtherReadsOrMoves() throws Exception {
    String other = "o" + UUID.randomUUID().toString().substring(0, 8);
    server.createTenant(other);
    String mine = server.createKey(tenant, Role.ROLE_ENGINEER).getSecret();
    String theirs = server.createKey(other, Role.ROLE_ENGINEER).getSecret();
    for (int version = 1; version <= 2; version++) {
      CreateRuleVersionRequest.Builder text =
          version(version - 1, "User: " + SECRET + version)
              .setFile(SECRET + ".yml")
              .setSource(source(rule, SECRET, "User: " + SECRET + version))
              .setComment(SECRET);
      assertThat(create(mine, text).statusCode()).isEqualTo(200);
      requireHidden("drafted", theirs, other);
      assertThat(staged(mine, tenant, version).statusCode()).isEqualTo(200);
      requireHidden("live", theirs, other);
      assertThat(staged(theirs, other, version).statusCode()).isEqualTo(404);
      assertThat(staged(theirs, other, 0).statusCode()).isEqualTo(404);
    }
    assertThat(changed(theirs, other, "rollback").statusCode()).isGreaterThanOrEqualTo(400);
    assertThat(changed(theirs, other, "retire").statusCode()).isGreaterThanOrEqualTo(400);
    await().atMost(Duration.ofSeconds(60)).until(() -> list("text=" + SECRET).size() == 1);
    requireHidden("in force", theirs, other);

    assertThat(changed(mine, tenant, "rollback").statusCode()).isEqualTo(200);
    assertThat(list("text=" + SECRET))
        .extracting(Rule::getVersion, Rule::getTenantsList)
        .as("what was one tenant's stays that tenant's alone")
        .containsExactly(tuple(1, List.of(tenant)));
    requireHidden("rolled back", theirs, other);
    assertThat(changed(mine, tenant, "retire").statusCode()).isEqualTo(200);
    requireHidden("retired", theirs, other);
    assertThat(reads(mine, tenant)).as("to its own tenant all is shown").contains(SECRET);
    assertThat(stage(1, RuleStage.RULE_STAGE_LIVE).getRevision()).isPositive();
    assertThat(reads(theirs, other)).as("what runs for all, all see").contains(SECRET + "1");
    assertThat(reads(theirs, other)).doesNotContain(SECRET + "2");
  }

  private HttpResponse<String> drafted(String key, String as, String file, String condition)
      throws Exception {
    CreateRuleVersionRequest request =
        version(0, condition).setTenantId(as).setFile(file).setComment(file).build();
    return server.post("/v1/tenants/" + as + "/ruleversions", key, request);
  }

  /** Of {@link #rule}: {@code 1 FILE [LIVE]}, as a tenant sees it. */
  private List<String> versionsOf(String key, String as) throws Exception {
    return GuardedServer.read(
            server.get("/v1/tenants/" + as + "/rules/" + rule + "/versions", key),
            ListRuleVersionsResponse.getDefaultInstance())
        .getVersionsList()
        .stream()
        .map(
            version ->
                version.getVersion()
                    + " "
                    + version.getFile()
                    + version.getPlacesList().stream()
                        .map(place -> place.getStage().name().replace("RULE_STAGE_", ""))
                        .toList())
        .toList();
  }

  @Test
  void draftsOfTwoTenantsWithOneIdLiveSideBySide() throws Exception {
    String other = "o" + UUID.randomUUID().toString().substring(0, 8);
    server.createTenant(other);
    String mine = server.createKey(tenant, Role.ROLE_ENGINEER).getSecret();
    String theirs = server.createKey(other, Role.ROLE_ENGINEER).getSecret();
    assertThat(drafted(mine, tenant, "mine.yml", "EventID: 1").statusCode()).isEqualTo(200);
    HttpResponse<String> same = drafted(theirs, other, "theirs.yml", "EventID: 1");
    assertThat(same.statusCode()).as(same.body()).isEqualTo(200);
    assertThat(same.body()).as("nobody is told that there is such a text").doesNotContain("mine");
    assertThat(versionsOf(mine, tenant)).containsExactly("1 mine.yml[DRAFT]");
    assertThat(versionsOf(theirs, other)).containsExactly("2 theirs.yml[DRAFT]");

    assertThat(staged(mine, tenant, 0).statusCode()).isEqualTo(200);
    assertThat(versionsOf(theirs, other)).containsExactly("2 theirs.yml[DRAFT]");
    assertThat(staged(theirs, other, 0).statusCode()).isEqualTo(200);
    assertThat(versionsOf(mine, tenant)).containsExactly("1 mine.yml[LIVE]");
    assertThat(versionsOf(theirs, other)).containsExactly("2 theirs.yml[LIVE]");

    assertThat(changed(theirs, other, "rollback").statusCode()).as("to mine?").isEqualTo(404);
    HttpResponse<String> retired = changed(mine, tenant, "retire");
    assertThat(retired.statusCode()).as(retired.body()).isEqualTo(200);
    assertThat(retired.body()).contains("RULE_ACTION_RETIRE");
    assertThat(versionsOf(mine, tenant)).containsExactly("1 mine.yml[RETIRED]");
    assertThat(versionsOf(theirs, other)).containsExactly("2 theirs.yml[LIVE]");
    assertThat(create(mine, version(1, "EventID: 3")).statusCode()).isEqualTo(200);
    assertThat(create(mine, version(3, "EventID: 4")).statusCode()).isEqualTo(200);
    assertThat(staged(mine, tenant, 4).statusCode()).isEqualTo(200);
    assertThat(changed(mine, tenant, "rollback").statusCode()).isEqualTo(200);
    assertThat(versionsOf(mine, tenant))
        .containsExactly("4 logon.yml[]", "3 logon.yml[LIVE]", "1 mine.yml[]");
    assertThat(versionsOf(theirs, other)).containsExactly("2 theirs.yml[LIVE]");

    stage(2, RuleStage.RULE_STAGE_LIVE);
    assertThat(versionsOf(mine, tenant)).contains("2 theirs.yml[LIVE]");
  }

  @Test
  void whatOthersHaveIsNotThereToReferTo() throws Exception {
    String other = "o" + UUID.randomUUID().toString().substring(0, 8);
    server.createTenant(other);
    String mine = server.createKey(tenant, Role.ROLE_ENGINEER).getSecret();
    String theirs = server.createKey(other, Role.ROLE_ENGINEER).getSecret();
    CreateRuleVersionRequest.Builder text =
        version(0, "User: x").setSource(source(rule, SECRET, "User: x"));
    assertThat(create(mine, text).statusCode()).isEqualTo(200);
    assertThat(staged(mine, tenant, 1).statusCode()).isEqualTo(200);
    String many = correlation(UUID.randomUUID().toString());

    HttpResponse<String> foreign = deployed(theirs, other, many, other);
    assertThat(foreign.body())
        .contains("no rule of this set has the id or name")
        .doesNotContain(SECRET, tenant);
    assertThat(deployed(server.operatorKey, tenant, many).body())
        .contains(SECRET, "runs for tenant " + tenant + " alone, and this is for all tenants")
        .contains("deploy that rule for all tenants too, or this one for tenant " + tenant);
    assertThat(deployed(mine, tenant, many, tenant).body()).contains("\"revision\"");
    HttpResponse<String> refused = changed(mine, tenant, "retire");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("many.yml would not compile any more");
  }

  private HttpResponse<String> deployed(String key, String as, String text, String... tenants)
      throws Exception {
    return server.post(
        "/v1/tenants/" + as + "/rules:deploy",
        key,
        DeployRulesRequest.newBuilder()
            .setTenantId(as)
            .addFiles(file("many.yml", text))
            .addAllTenants(List.of(tenants))
            .build());
  }

  private String correlation(String id) {
    return """
        title: Many Failed Logons
        id: %s
        level: critical
        correlation:
          type: event_count
          rules: [%s]
          group-by: [Computer]
          timespan: 5m
          condition:
            gte: 3
        """
        .formatted(id, rule);
  }

  private HttpResponse<String> staged(String key, String as, int version) throws Exception {
    return server.send(
        "POST",
        "/v1/tenants/" + as + "/rules/" + rule + ":stage",
        key,
        "{\"version\":%d,\"stage\":\"RULE_STAGE_LIVE\",\"tenants\":[\"%s\"]}"
            .formatted(version, as));
  }

  private HttpResponse<String> changed(String key, String as, String how) throws Exception {
    return server.send("POST", "/v1/tenants/" + as + "/rules/" + rule + ":" + how, key, "{}");
  }

  private void requireHidden(String when, String key, String as) throws Exception {
    assertThat(reads(key, as)).as(when).doesNotContain(SECRET);
  }

  /** All that the reading methods of rules answer, whichever there are. */
  private String reads(String key, String as) throws Exception {
    return reads(key, as, 1) + reads(key, as, 2);
  }

  private String reads(String key, String as, int version) throws Exception {
    RawGrpc grpc = new RawGrpc(server.port());
    StringBuilder all = new StringBuilder();
    for (MethodDescriptor<?, ?> method :
        Stream.of(
                RuleServiceGrpc.getServiceDescriptor(),
                RuleDeploymentServiceGrpc.getServiceDescriptor())
            .flatMap(service -> service.getMethods().stream())
            .toList()) {
      String name = String.valueOf(method.getBareMethodName());
      if (name.matches("(Get|List|Diff|Export).*")) {
        RawGrpc.Answer answer =
            grpc.send(
                method, asked(method, as, version).toByteArray(), "authorization", "Bearer " + key);
        Object prototype =
            ((PrototypeMarshaller<?>) method.getResponseMarshaller()).getMessagePrototype();
        for (Message message : answer.messages((Message) prototype)) {
          all.append(name).append(' ').append(message).append('\n');
          if (message instanceof ExportRulesResponse export) {
            all.append(unzip(export.getArchive()));
          }
        }
      }
    }
    return all.toString();
  }

  private Message asked(MethodDescriptor<?, ?> method, String as, int version) {
    Message prototype =
        (Message) ((PrototypeMarshaller<?>) method.getRequestMarshaller()).getMessagePrototype();
    Message.Builder request = prototype.newBuilderForType();
    Map<String, Object> values =
        Map.of("tenant_id", as, "rule_id", rule, "version", version, "from", 1, "to", version);
    for (FieldDescriptor field : prototype.getDescriptorForType().getFields()) {
      if (values.containsKey(field.getName())) {
        request.setField(field, values.get(field.getName()));
      } else if (field.getName().equals("stages")) {
        Stream.of(RuleStage.values())
            .filter(stage -> stage.name().matches(".*(DRAFT|SHADOW|LIVE|RETIRED)"))
            .forEach(stage -> request.addRepeatedField(field, stage.getValueDescriptor()));
      }
    }
    return request.build();
  }

  @TestFactory
  Stream<DynamicTest> aChangeOfRulesHappensOnceForItsKey() {
    RepeatedCalls calls = new RepeatedCalls(server, RuleServiceIT::given);
    return RepeatedCalls.changing(name -> name.contains(".Rule")).stream()
        .map(
            method ->
                DynamicTest.dynamicTest(method.getFullMethodName(), () -> calls.check(method)));
  }

  /** A rule with two versions. */
  private static String given(String what, String of) throws Exception {
    String text = RepeatedCalls.text();
    for (int version = 1; version <= 2; version++) {
      HttpResponse<String> deployed =
          server.send(
              "POST",
              "/v1/tenants/" + of + "/rules:deploy",
              server.operatorKey,
              "{\"files\":[{\"file\":\"r.yml\",\"text\":\"%s\"}]}"
                  .formatted(text.formatted(version)));
      assertThat(deployed.body()).as(what).contains("\"revision\"");
    }
    return text.substring(text.indexOf("id: ") + 4, text.indexOf("id: ") + 40);
  }

  @Test
  void aTenantHasNoMoreRulesOfItsOwnThanItsQuota() throws Exception {
    HttpResponse<String> set =
        server.send("PUT", path("/quotas"), server.operatorKey, "{\"quotas\":{\"rules\":\"1\"}}");
    assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
    String mine = server.createKey(tenant, Role.ROLE_ENGINEER).getSecret();
    assertThat(create(mine, version(0, "EventID: 1")).statusCode()).isEqualTo(200);
    assertThat(create(mine, version(1, "EventID: 2")).statusCode())
        .as("another version is no other rule")
        .isEqualTo(200);
    CreateRuleVersionRequest.Builder second =
        version(0, "EventID: 1")
            .setSource(source(UUID.randomUUID().toString(), "Second", "EventID: 1"));
    HttpResponse<String> refused = create(mine, second);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body())
        .contains("may have 1 rules of its own (quota rules) and would have 2", "retire some");
    HttpResponse<String> byOperator =
        server.post(
            path("/rules:deploy"),
            server.operatorKey,
            DeployRulesRequest.newBuilder()
                .setTenantId(tenant)
                .addFiles(file("second.yml", second.getSource()))
                .addTenants(tenant)
                .build());
    assertThat(byOperator.statusCode()).as("a quota is a quota").isEqualTo(429);
    assertThat(changed(mine, tenant, "retire").statusCode()).isEqualTo(200);
    assertThat(create(mine, second).statusCode()).as("there is room again").isEqualTo(200);
  }

  @Test
  void aTextWithErrorsIsNoVersion() throws Exception {
    CreateRuleVersionResponse wrong = created(version(0, "EventID|almost: 1"));
    assertThat(wrong.hasVersion()).isFalse();
    assertThat(wrong.getDiagnostics(0).getCode()).isEqualTo("TW-E1203");
    assertThat(server.get(path("/rules/" + rule), server.operatorKey).statusCode()).isEqualTo(404);
    HttpResponse<String> bomb =
        create(
            server.operatorKey,
            version(0, "EventID: 1")
                .setSource(
                    "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                        + "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
                        + "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
                        + "g: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n"));
    assertThat(bomb.statusCode()).isEqualTo(200);
    assertThat(bomb.body()).contains("diagnostics").doesNotContain("\"version\":{");
  }

  @Test
  void rulesOfAllKindsAreFoundByWhatTheyAre() throws Exception {
    String many = UUID.randomUUID().toString();
    ImportRulesRequest.Builder request =
        ImportRulesRequest.newBuilder()
            .setTenantId(tenant)
            .setStage(RuleStage.RULE_STAGE_LIVE)
            .addFiles(file("a/logon.yml", source(rule, "Failed Logon", "EventID: 1")))
            .addFiles(file("a/many.yml", correlation(many)));
    assertThat(imported(request).getRevision()).isPositive();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> list("text=" + many).stream().anyMatch(rule -> rule.getRefersToCount() > 0));

    assertThat(list("text=" + many).get(0).getKind()).isEqualTo("event_count");
    assertThat(list("text=" + many).get(0).getRefersToList()).containsExactly(rule);
    assertThat(list("kind=correlation&levels=LEVEL_CRITICAL")).anyMatch(isRule(many));
    assertThat(list("techniqueId=T1110&product=windows&service=security"))
        .anyMatch(isRule(rule))
        .noneMatch(isRule(many));
    assertThat(list("tag=attack.t1110.001&category=none")).isEmpty();
    assertThat(list("stages=RULE_STAGE_RETIRED")).noneMatch(isRule(rule));
    stage(0, RuleStage.RULE_STAGE_SHADOW);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> list("stages=RULE_STAGE_SHADOW").stream().anyMatch(isRule(rule)));
  }

  private static java.util.function.Predicate<Rule> isRule(String id) {
    return rule -> rule.getRuleId().equals(id);
  }

  private List<Rule> list(String query) throws Exception {
    return get("/rules?" + query, ListRulesResponse.getDefaultInstance()).getRulesList();
  }

  private static RuleFile file(String name, String text) {
    return RuleFile.newBuilder().setFile(name).setText(text).build();
  }

  private HttpResponse<String> importing(ImportRulesRequest.Builder request) throws Exception {
    return server.post(path("/rules:import"), server.operatorKey, request.build());
  }

  private ImportRulesResponse imported(ImportRulesRequest.Builder request) throws Exception {
    return GuardedServer.read(importing(request), ImportRulesResponse.getDefaultInstance());
  }

  private static ByteString zip(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
        zip.closeEntry();
      }
    }
    return ByteString.copyFrom(bytes.toByteArray());
  }

  private ImportRulesRequest.Builder archive(Map<String, byte[]> files) throws IOException {
    return ImportRulesRequest.newBuilder().setTenantId(tenant).setArchive(zip(files));
  }

  @Test
  void aZipIsImportedWholeOrWithoutItsErrorsAndExportedAgain() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("rules/", new byte[0]);
    files.put("rules/good.yml", source(rule, "Good", "EventID: 1").getBytes(UTF_8));
    files.put("rules/bad.yml", source(tenant, "Bad", "EventID|almost: 1").getBytes(UTF_8));
    files.put("rules/README.md", "no rule".getBytes(UTF_8));

    ImportRulesResponse refused = imported(archive(files));
    assertThat(refused.getRevision()).isZero();
    ImportRulesResponse plan = imported(archive(files).setSkipRefused(true).setDryRun(true));
    ImportRulesResponse done = imported(archive(files).setSkipRefused(true));
    assertThat(done.getRevision()).isEqualTo(plan.getRevision()).isPositive();
    assertThat(done.getFiles()).isEqualTo(2);
    assertThat(done.getRefusedFilesList()).containsExactly("rules/bad.yml");
    assertThat(done.getDiagnosticsList()).anyMatch(d -> d.getFile().equals("rules/bad.yml"));
    assertThat(list("stages=RULE_STAGE_DRAFT")).anyMatch(isRule(rule));

    stage(1, RuleStage.RULE_STAGE_LIVE);
    imported(archive(files).setSkipRefused(true));
    RuleSetStatus status = get("/rulestatus/" + rule, RuleSetStatus.getDefaultInstance());
    assertThat(status.getRules(0).getStage())
        .as("an import of drafts takes nothing out of action")
        .isEqualTo(RuleStage.RULE_STAGE_LIVE);
    ExportRulesResponse export = get("/rules:export", ExportRulesResponse.getDefaultInstance());
    Map<String, String> exported = unzip(export.getArchive());
    assertThat(exported).hasSize(export.getFiles());
    assertThat(exported.get("rules/good.yml")).isEqualTo(source(rule, "Good", "EventID: 1"));
  }

  private static Map<String, String> unzip(ByteString archive) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(archive.newInput())) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
      }
    }
    return files;
  }

  @Test
  void pathsThatLeaveTheDirectoryAndBombsAreRefused() throws Exception {
    byte[] text = source(rule, "Good", "EventID: 1").getBytes(UTF_8);
    List<String> outside =
        List.of("../x.yml", "/etc/x.yml", "a/../../x.yml", "a\\..\\x.yml", "C:x.yml", "a//x.yml");
    for (String name : outside) {
      HttpResponse<String> zipped = importing(archive(Map.of(name, text)));
      assertThat(zipped.statusCode()).as(name + zipped.body()).isEqualTo(400);
      ImportRulesRequest.Builder plain =
          ImportRulesRequest.newBuilder()
              .setTenantId(tenant)
              .addFiles(file(name, new String(text, UTF_8)));
      assertThat(importing(plain).statusCode()).as(name).isEqualTo(400);
    }
    assertThat(importing(archive(Map.of("x.yml", new byte[2 << 20]))).body())
        .contains("more than 1 MiB");
    Map<String, byte[]> many = new LinkedHashMap<>();
    for (int i = 0; i < 40; i++) {
      many.put("zeros" + i, new byte[1 << 20]);
    }
    assertThat(importing(archive(many)).body()).contains("unpacks to more than 32 MiB");
    assertThat(importing(archive(Map.of("x.txt", text))).body()).contains("holds a .yml");
    assertThat(
            importing(
                    ImportRulesRequest.newBuilder()
                        .setTenantId(tenant)
                        .setArchive(ByteString.copyFromUtf8("no zip")))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void figuresCountVerdictsOfTheTenantOnceThereAreEnough() throws Exception {
    created(version(0, "EventID: 1"));
    stage(1, RuleStage.RULE_STAGE_LIVE);
    List<String> verdicts =
        new ArrayList<>(List.of("false_positive", "true_positive", "true_positive", "benign"));
    verdicts.forEach(this::decide);
    ListRuleFiguresResponse few = figures();
    assertThat(few.getRules(0).getTruePositives()).isEqualTo(2);
    assertThat(few.getRules(0).hasFalsePositiveRatio()).as("too few").isFalse();
    assertThat(few.getRules(0).hasAlerts24H()).as("ClickHouse is away").isFalse();

    decide("false_positive");
    assertThat(figures().getRules(0).getFalsePositiveRatio()).isEqualTo(0.4);
  }

  private ListRuleFiguresResponse figures() throws Exception {
    return get("/rulefigures?ruleId=" + rule, ListRuleFiguresResponse.getDefaultInstance());
  }

  private void decide(String verdict) {
    try (Handle handle = server.superuser()) {
      handle.execute(
          """
          INSERT INTO triage_states (tenant_id, alert_id, rule_id, verdict, author, decided_at,
            changed_by, changed_at)
          VALUES (?, gen_random_uuid(), ?, ?, 'ann', now(), 'ann', now())
          """,
          tenant,
          rule,
          verdict);
    }
  }

  @Test
  void whatIsDeployedWithoutKafkaIsRecordedSaidToWaitAndToldLater() throws Exception {
    created(version(0, "EventID: 1"));
    KAFKA.kafka().stop();
    DeployRulesResponse waiting;
    try {
      waiting = stage(1, RuleStage.RULE_STAGE_LIVE);
      assertThat(waiting.getWaitsForKafka()).isTrue();
      assertThat(waiting.getRevision()).isPositive();
      RuleSetStatus status = get("/rulestatus/" + rule, RuleSetStatus.getDefaultInstance());
      assertThat(status.getWaitsForKafka()).isTrue();
      assertThat(status.getPublishedRevision()).isEqualTo(waiting.getRevision() - 1);
      assertThat(status.getRules(0).getStage()).isEqualTo(RuleStage.RULE_STAGE_LIVE);
      assertThat(
              get("/rules/" + rule + "/history", ListRuleHistoryResponse.getDefaultInstance())
                  .getEvents(0)
                  .getWaitsForKafka())
          .isTrue();
      assertThat(created(version(1, "EventID: 2")).getWaitsForKafka()).isTrue();
    } finally {
      KAFKA.kafka().start();
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                !get("/rulestatus/" + rule, RuleSetStatus.getDefaultInstance()).getWaitsForKafka());
    assertThat(
            get("/rulestatus/" + rule, RuleSetStatus.getDefaultInstance()).getPublishedRevision())
        .isEqualTo(waiting.getRevision() + 1);
  }
}
