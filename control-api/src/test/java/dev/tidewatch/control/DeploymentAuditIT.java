package dev.tidewatch.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewatch.control.v1.AuditRecord;
import dev.tidewatch.control.v1.DeletionCertificate;
import dev.tidewatch.control.v1.DeployRulesRequest;
import dev.tidewatch.control.v1.DeployRulesResponse;
import dev.tidewatch.control.v1.ListAuditRecordsResponse;
import dev.tidewatch.control.v1.Role;
import dev.tidewatch.control.v1.RuleFile;
import dev.tidewatch.control.v1.VerifyChainResponse;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleTopic;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.embedded.junit.PostgresExtension;
import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.store.ClickHouseEndpoint;
import dev.tidewatch.store.ClickHouseStore;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the audit log has of deployments, over a real Kafka and PostgreSQL. */
class DeploymentAuditIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  @TempDir static Path directory;

  private static GuardedServer server;

  private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
  private final String rule = UUID.randomUUID().toString();

  @BeforeAll
  static void start() {
    try (ClickHouseStore store = ClickHouseStore.connect(ClickHouseEndpoint.of(CLICKHOUSE.url()))) {
      store.migrate();
    }
    server =
        GuardedServer.start(
            POSTGRES.postgres(),
            CLICKHOUSE.url(),
            KAFKA.bootstrapServers(),
            directory,
            access -> access);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private DeployRulesRequest.Builder request(String condition) {
    String text =
        """
        title: Failed Logon
        id: %s
        logsource:
          product: windows
          service: security
        detection:
          selection:
            %s
          condition: selection
        """
            .formatted(rule, condition);
    return DeployRulesRequest.newBuilder()
        .setTenantId(tenant)
        .addFiles(RuleFile.newBuilder().setFile("logon.yml").setText(text));
  }

  private HttpResponse<String> deploy(
      String key, DeployRulesRequest.Builder request, String... headers) throws Exception {
    return server.post("/v1/tenants/" + tenant + "/rules:deploy", key, request.build(), headers);
  }

  private DeployRulesResponse deployed(DeployRulesRequest.Builder request, String... headers)
      throws Exception {
    return GuardedServer.read(
        deploy(server.operatorKey, request, headers), DeployRulesResponse.getDefaultInstance());
  }

  private HttpResponse<String> change(String verb, String body) throws Exception {
    String path = "/v1/tenants/" + tenant + "/rules/" + rule + ":" + verb;
    return server.send("POST", path, server.operatorKey, body);
  }

  /** Of deployments, oldest first. */
  private List<AuditRecord> records() throws Exception {
    HttpResponse<String> answer =
        server.get("/v1/tenants/" + tenant + "/audit", server.operatorKey);
    return GuardedServer.read(answer, ListAuditRecordsResponse.getDefaultInstance())
        .getRecordsList()
        .stream()
        .filter(record -> record.getMethod().contains("RuleDeploymentService"))
        .sorted(Comparator.comparing(AuditRecord::getSequence))
        .toList();
  }

  private static JsonNode detail(AuditRecord record) throws Exception {
    return JSON.readTree(record.getDetail());
  }

  private static long revision() {
    return new RuleTopic(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), Topics.RULES)
        .read()
        .revision();
  }

  @Test
  void eachChangeIsARecordWithWhatRunsNowAndWhere() throws Exception {
    server.createTenant(tenant);
    long first =
        deployed(request("EventID: 1").setStage(RuleStage.RULE_STAGE_SHADOW).addTenants(tenant))
            .getRevision();
    deployed(request("EventID: 2"));
    assertThat(change("rollback", "{}").statusCode()).isEqualTo(200);
    assertThat(change("retire", "{}").statusCode()).isEqualTo(200);

    List<AuditRecord> records = records();
    assertThat(records)
        .extracting(record -> record.getMethod().replaceAll(".*/", ""), AuditRecord::getOutcome)
        .containsExactly(
            tuple("DeployRules", "changed"),
            tuple("DeployRules", "changed"),
            tuple("RollbackRule", "changed"),
            tuple("RetireRule", "changed"));
    assertThat(records).allMatch(record -> record.getActor().equals("key:local@system"));
    assertThat(records.get(0).getResource()).isEqualTo("rules of logon.yml");
    assertThat(detail(records.get(0)))
        .isEqualTo(
            JSON.readTree(
                """
                {"stage":"shadow","tenants":["%s"],"files":["logon.yml"],"revision":%d,
                 "rules":["%s version 1: create"]}
                """
                    .formatted(tenant, first, rule)));
    assertThat(detail(records.get(1)).path("rules").get(0).asText())
        .isEqualTo(rule + " version 2 from 1: update");
    assertThat(records.get(2).getResource()).isEqualTo("rule " + rule);
    assertThat(detail(records.get(2)).path("rules").get(0).asText())
        .isEqualTo(rule + " version 1 from 2: update");
    assertThat(detail(records.get(3)).path("rules").get(0).asText())
        .isEqualTo(rule + " version 1 from 1: retire");
    assertThat(detail(records.get(3)).path("revision").asLong()).isEqualTo(first + 3);
    String verify = "/v1/tenants/" + tenant + "/audit:verify";
    assertThat(
            GuardedServer.read(
                    server.get(verify, server.operatorKey),
                    VerifyChainResponse.getDefaultInstance())
                .getIntact())
        .isTrue();
  }

  @Test
  void eachRefusalIsARecordThatSaysWhyAndNothingIsWritten() throws Exception {
    server.createTenant(tenant);
    deployed(request("EventID: 1"));
    long before = revision();
    String engineer = server.createKey(tenant, Role.ROLE_ENGINEER).getSecret();

    assertThat(deployed(request("EventID|almost: 1")).getRevision()).isZero();
    assertThat(
            deploy(server.operatorKey, request("EventID: 2").setExpectedRevision(before + 7))
                .statusCode())
        .isEqualTo(409);
    assertThat(change("rollback", "{\"version\":9}").statusCode()).isEqualTo(400);
    assertThat(deploy(engineer, request("EventID: 3")).statusCode()).isEqualTo(403);

    assertThat(revision()).isEqualTo(before);
    List<AuditRecord> refused =
        records().stream().filter(record -> record.getOutcome().equals("refused")).toList();
    assertThat(refused).hasSize(4);
    assertThat(detail(refused.get(0)).path("reason").asText()).contains("logon.yml:8: TW-E1203");
    assertThat(detail(refused.get(1)).path("reason").asText())
        .startsWith("ABORTED: revision " + before);
    assertThat(detail(refused.get(1)).path("expectedRevision").asLong()).isEqualTo(before + 7);
    assertThat(detail(refused.get(2)).path("reason").asText())
        .startsWith("FAILED_PRECONDITION: rule " + rule + " has no version 9");
    assertThat(refused.get(3).getActor()).startsWith("key:");
    assertThat(detail(refused.get(3)).path("reason").asText()).startsWith("PERMISSION_DENIED: ");
  }

  @Test
  void aPlanIsNoRecordAndAKeyMakesADeploymentOnce() throws Exception {
    server.createTenant(tenant);
    DeployRulesResponse plan = deployed(request("EventID: 1").setDryRun(true));
    assertThat(plan.getRules(0).getChanged()).isTrue();
    assertThat(records()).isEmpty();

    long once = deployed(request("EventID: 1"), "idempotency-key", "a-1").getRevision();
    assertThat(once).isEqualTo(plan.getRevision());
    assertThat(deployed(request("EventID: 1"), "idempotency-key", "a-1").getRules(0).getChanged())
        .as("the first answer again")
        .isTrue();
    assertThat(records()).hasSize(1);
    assertThat(revision()).isEqualTo(once);
  }

  @Test
  void aDeletedTenantTakesItsOwnRulesAlongAndTheChainHolds() throws Exception {
    server.createTenant(tenant);
    String mine = server.createKey(tenant, Role.ROLE_ENGINEER).getSecret();
    String other = tenant + "-b";
    server.createTenant(other);
    for (int version = 1; version <= 2; version++) {
      String text = "User: Zanzibar" + version;
      assertThat(deploy(mine, request(text).addTenants(tenant)).body()).contains("revision");
    }
    deployed(request("User: operators-for-it").addTenants(tenant));
    deployed(request("User: operators-for-both").addTenants(tenant).addTenants(other));
    String shared = UUID.randomUUID().toString();
    DeployRulesRequest.Builder forAll = request("EventID: 9");
    forAll.getFilesBuilder(0).setText(forAll.getFiles(0).getText().replace(rule, shared));
    deployed(forAll);

    String path = "/v1/tenants/" + tenant + "?confirm=" + tenant;
    DeletionCertificate certificate =
        GuardedServer.read(
            server.send("DELETE", path, server.operatorKey, ""),
            DeletionCertificate.getDefaultInstance());
    assertThat(certificate.getCountsList())
        .extracting(count -> count.getPlace() + " " + count.getRows())
        .contains("postgresql.rule_versions 3", "kafka.rules 3");

    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                topic().entries().get(rule) != null
                    && topic().entries().get(rule).versions().size() == 1);
    RuleBook.Entry left = topic().entries().get(rule);
    assertThat(left.versions()).containsOnlyKeys(4);
    assertThat(left.placement().getVersions(0).getTenantsList()).containsExactly(other);
    assertThat(topic().entries().get(shared).running()).hasSize(1);
    assertThat(records("v/" + rule + "@1")).as("its last record is a tombstone").endsWith("null");
    try (Handle superuser = server.superuser()) {
      assertThat(
              superuser
                  .createQuery(
                      "SELECT count(*) FROM rule_versions WHERE source || title || file LIKE '%Zanzibar%'")
                  .mapTo(Long.class)
                  .one())
          .isZero();
      assertThat(
              superuser
                  .createQuery(
                      "SELECT string_agg(version || ' ' || length(hash), ', ' ORDER BY version) FROM rule_versions WHERE erased_at IS NOT NULL AND rule_id = :rule")
                  .bind("rule", rule)
                  .mapTo(String.class)
                  .one())
          .isEqualTo("1 16, 2 16, 3 16");
    }
    for (String whose : List.of(tenant, "system", other)) {
      assertThat(
              GuardedServer.read(
                      server.get("/v1/tenants/" + whose + "/audit:verify", server.operatorKey),
                      VerifyChainResponse.getDefaultInstance())
                  .getIntact())
          .as(whose)
          .isTrue();
    }
  }

  private static RuleBook topic() {
    return new RuleTopic(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), Topics.RULES)
        .read();
  }

  /** What was written under a key, in order: its length, or null. */
  private static List<String> records(String key) {
    RuleTopic rules =
        new RuleTopic(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), Topics.RULES);
    List<String> found = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = rules.consumer()) {
      consumer.assign(List.of(rules.partition()));
      consumer.seekToBeginning(List.of(rules.partition()));
      long end = consumer.endOffsets(List.of(rules.partition())).get(rules.partition());
      while (consumer.position(rules.partition()) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          if (new String(record.key(), UTF_8).equals(key)) {
            found.add(record.value() == null ? "null" : String.valueOf(record.value().length));
          }
        }
      }
    }
    return found;
  }

  @Test
  void withoutTheControlDatabaseNothingIsDeployed() throws Exception {
    server.createTenant(tenant);
    deployed(request("EventID: 1"));
    long before = revision();

    POSTGRES.postgres().stop();
    HttpResponse<String> away = deploy(server.operatorKey, request("EventID: 2"));
    assertThat(away.statusCode()).as(away.body()).isEqualTo(503);
    assertThat(away.body()).contains("no deployment goes unrecorded; nothing was deployed");
    assertThat(revision()).isEqualTo(before);

    POSTGRES.postgres().start();
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> deployed(request("EventID: 2")).getRevision() == before + 1);
    assertThat(records()).hasSize(2);
  }

  @Test
  void whatKafkaIsToldLaterIsARecordAtOnce() throws Exception {
    server.createTenant(tenant);
    deployed(request("EventID: 1"));
    long before = revision();

    KAFKA.kafka().stop();
    try {
      DeployRulesResponse waits = deployed(request("EventID: 2"), "idempotency-key", "a-2");
      assertThat(waits.getWaitsForKafka()).isTrue();
      assertThat(waits.getRevision()).isEqualTo(before + 1);
      assertThat(deployed(request("EventID: 2"), "idempotency-key", "a-2")).isEqualTo(waits);
      assertThat(records()).hasSize(2);
    } finally {
      KAFKA.kafka().start();
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> revision() == before + 1);
    assertThat(deployed(request("EventID: 2"), "idempotency-key", "a-2").getWaitsForKafka())
        .isFalse();
    assertThat(records()).hasSize(2);
  }
}
