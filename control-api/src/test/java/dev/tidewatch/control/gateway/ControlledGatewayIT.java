package dev.tidewatch.control.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.tidewatch.control.GuardedServer;
import dev.tidewatch.control.database.LocalDatabases;
import dev.tidewatch.control.v1.*;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.embedded.junit.PostgresExtension;
import dev.tidewatch.events.Topics;
import dev.tidewatch.ingest.v1.AgentMessage;
import dev.tidewatch.ingest.v1.CollectPath;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.CommandKey;
import dev.tidewatch.ingest.v1.CommandResult;
import dev.tidewatch.ingest.v1.CommandStatus;
import dev.tidewatch.ingest.v1.Configuration;
import dev.tidewatch.ingest.v1.Evidence;
import dev.tidewatch.ingest.v1.EvidenceChunk;
import dev.tidewatch.ingest.v1.GatewayMessage;
import dev.tidewatch.ingest.v1.Heartbeat;
import dev.tidewatch.ingest.v1.SignedCommand;
import dev.tidewatch.ingest.v1.SignedConfiguration;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway with a control database: tokens, quotas, keys, commands and configurations are the
 * control API's, and what agents report is there.
 */
class ControlledGatewayIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** Seconds are meant; a machine that builds something else beside may take longer. */
  private static final Duration CUT = Duration.ofSeconds(30);

  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  @TempDir static Path directory;
  private static GuardedServer api;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    KAFKA.kafka().createTopic(Topics.TELEMETRY, 1);
    api =
        GuardedServer.start(
            POSTGRES.postgres(),
            "http://127.0.0.1:1",
            directory,
            access -> access.withRequestsPerSecond(10_000));
    gateway = Gateway.start(options(directory.resolve("gateway")));
  }

  private static GatewayOptions options(Path place) {
    return GatewayOptions.builder(place, KAFKA.bootstrapServers())
        .database(LocalDatabases.options(POSTGRES.postgres()))
        .build();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    api.close();
  }

  private static String token(String tenant) throws Exception {
    return GuardedServer.read(
            api.post(
                "/v1/tenants/" + tenant + "/enrolmenttokens",
                api.operatorKey,
                CreateEnrolmentTokenRequest.newBuilder()
                    .setTenantId(tenant)
                    .setValidHours(1)
                    .build()),
            CreateEnrolmentTokenResponse.getDefaultInstance())
        .getSecret();
  }

  private static TestAgent enroll(String tenant) throws Exception {
    return TestAgent.enroll(gateway.port(), token(tenant));
  }

  private static Agent agent(String tenant, String id) throws Exception {
    return GuardedServer.read(
        api.get("/v1/tenants/" + tenant + "/agents/" + id, api.operatorKey),
        Agent.getDefaultInstance());
  }

  private static GatewayMessage until(TestAgent.Line line, Predicate<GatewayMessage> wanted) {
    GatewayMessage message = line.next();
    while (!wanted.test(message)) {
      message = line.next();
    }
    return message;
  }

  private static boolean holds(CommandKey key, String domain, byte[] bytes, byte[] signature)
      throws Exception {
    Signature ed25519 = Signature.getInstance("Ed25519");
    ed25519.initVerify(
        KeyFactory.getInstance("Ed25519")
            .generatePublic(new X509EncodedKeySpec(key.getPublicKey().toByteArray())));
    ed25519.update((domain + "\0").getBytes(StandardCharsets.US_ASCII));
    ed25519.update(bytes);
    return ed25519.verify(signature);
  }

  @Test
  void aTokenOfTheTenantsServiceEnrolsOnceAndTheAgentIsListed() throws Exception {
    api.createTenant("enrolling");
    String token = token("enrolling");
    assertThat(token).matches("tw1\\.[A-Za-z0-9_-]{43}\\.[A-Za-z0-9_-]{43}");
    try (TestAgent agent = TestAgent.enroll(gateway.port(), token)) {
      assertThat(agent.enrollment.getTenantId()).isEqualTo("enrolling");
      assertThatThrownBy(() -> TestAgent.enroll(gateway.port(), token))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              refused ->
                  assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
      TestAgent.Line line = agent.connect((byte) 1, 0);
      line.send(
          AgentMessage.newBuilder()
              .setHeartbeat(
                  Heartbeat.newBuilder()
                      .setAgentVersion("9.9")
                      .setSpoolEvents(17)
                      .setEventsDropped(3))
              .build());
      String id = agent.enrollment.getAgentId();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                Agent seen = agent("enrolling", id);
                assertThat(seen.getConnected()).isTrue();
                assertThat(seen.getHost()).isEqualTo("web-1");
                assertThat(seen.getAgentVersion()).isEqualTo("9.9");
                assertThat(seen.getHeartbeat().getSpoolEvents()).isEqualTo(17);
                assertThat(seen.getHeartbeat().getEventsDropped()).isEqualTo(3);
                assertThat(seen.getLastSeenMs()).isPositive();
              });
      line.gateway.onCompleted();
      await().atMost(Duration.ofSeconds(30)).until(() -> !agent("enrolling", id).getConnected());
      ListEnrolmentTokensResponse tokens =
          GuardedServer.read(
              api.get("/v1/tenants/enrolling/enrolmenttokens", api.operatorKey),
              ListEnrolmentTokensResponse.getDefaultInstance());
      assertThat(tokens.getTokens(0).getUsedBy()).isEqualTo(id);
      assertThat(api.get("/v1/tenants/enrolling/audit", api.operatorKey).body())
          .contains("EnrollmentService/Enroll", id);
    }
  }

  @Test
  void aWithdrawnTokenAndOneOfASuspendedTenantEnrolNobody() throws Exception {
    api.createTenant("closed");
    String token = token("closed");
    tenant("closed", "suspend");
    assertThatThrownBy(() -> TestAgent.enroll(gateway.port(), token))
        .hasMessageContaining("UNAUTHENTICATED");
    tenant("closed", "resume");
    CreateEnrolmentTokenResponse other =
        GuardedServer.read(
            api.post(
                "/v1/tenants/closed/enrolmenttokens",
                api.operatorKey,
                CreateEnrolmentTokenRequest.newBuilder()
                    .setTenantId("closed")
                    .setValidHours(1)
                    .build()),
            CreateEnrolmentTokenResponse.getDefaultInstance());
    GuardedServer.read(
        api.post(
            "/v1/tenants/closed/enrolmenttokens/" + other.getToken().getTokenId() + ":revoke",
            api.operatorKey,
            RevokeEnrolmentTokenRequest.getDefaultInstance()),
        EnrolmentToken.getDefaultInstance());
    assertThatThrownBy(() -> TestAgent.enroll(gateway.port(), other.getSecret()))
        .hasMessageContaining("UNAUTHENTICATED");
    // The first one was not used up by the attempt.
    TestAgent.enroll(gateway.port(), token).close();
  }

  private static void tenant(String tenant, String verb) throws Exception {
    assertThat(
            api.send("POST", "/v1/tenants/" + tenant + ":" + verb, api.operatorKey, "{}")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void whoIsRevokedByTheApiIsCutOff() throws Exception {
    api.createTenant("revoking");
    try (TestAgent agent = enroll("revoking")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      String id = agent.enrollment.getAgentId();
      String viewer = api.createKey("revoking", Role.ROLE_VIEWER).getSecret();
      assertThat(
              api.send("POST", "/v1/tenants/revoking/agents/" + id + ":revoke", viewer, "{}")
                  .statusCode())
          .isEqualTo(403);
      Agent revoked =
          GuardedServer.read(
              api.send(
                  "POST",
                  "/v1/tenants/revoking/agents/" + id + ":revoke",
                  api.operatorKey,
                  "{\"reason\":\"laptop lost\"}"),
              Agent.getDefaultInstance());
      long at = System.nanoTime();
      assertThat(revoked.getRevokedReason()).isEqualTo("laptop lost");
      assertThat(line.ended().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(Duration.ofNanos(System.nanoTime() - at)).isLessThan(CUT);
      assertThat(agent.open().ended().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }
  }

  @Test
  void aSuspendedTenantWaitsAndADeletedOneIsGone() throws Exception {
    api.createTenant("leaving");
    String key = sender("leaving");
    try (TestAgent agent = enroll("leaving")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      assertThat(ndjson(key).statusCode()).isEqualTo(200);
      tenant("leaving", "suspend");
      long at = System.nanoTime();
      assertThat(line.ended().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(Duration.ofNanos(System.nanoTime() - at)).isLessThan(CUT);
      assertThat(ndjson(key).statusCode()).isEqualTo(401);
      tenant("leaving", "resume");
      await().atMost(CUT).until(() -> ndjson(key).statusCode() == 200);
      TestAgent.Line again = agent.connect((byte) 1, 0);
      try (Handle superuser = api.superuser()) {
        superuser.execute("UPDATE tenants SET deleted_at = now() WHERE tenant_id = 'leaving'");
      }
      at = System.nanoTime();
      assertThat(again.ended().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(Duration.ofNanos(System.nanoTime() - at)).isLessThan(CUT);
      assertThat(ndjson(key).statusCode()).isEqualTo(401);
    }
  }

  private static String sender(String tenant) throws Exception {
    return api.createKey(tenant, Role.ROLE_ENGINEER, Permission.PERMISSION_TELEMETRY_SEND)
        .getSecret();
  }

  private static HttpResponse<String> ndjson(String key) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + gateway.localPort() + "/v1/telemetry"))
            .header("authorization", "Bearer " + key)
            .POST(HttpRequest.BodyPublishers.ofString("{\"a\":1}\n{\"a\":2}\n"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void keysOfTheControlApiSendWhenTheyMay() throws Exception {
    api.createTenant("keyed");
    CreateApiKeyResponse key =
        api.createKey("keyed", Role.ROLE_ENGINEER, Permission.PERMISSION_TELEMETRY_SEND);
    assertThat(ndjson(key.getSecret()).statusCode()).isEqualTo(200);
    assertThat(Telemetry.payloads(KAFKA.bootstrapServers(), "keyed"))
        .containsExactly("{\"a\":1}", "{\"a\":2}");
    // What it may not: look.
    assertThat(api.get("/v1/tenants/keyed/agents", key.getSecret()).statusCode()).isEqualTo(403);
    String viewer = api.createKey("keyed", Role.ROLE_VIEWER).getSecret();
    assertThat(ndjson(viewer).statusCode()).isEqualTo(401);
    assertThat(ndjson(api.operatorKey).statusCode())
        .as("operators have no telemetry")
        .isEqualTo(401);
    assertThat(ndjson("twk.nonsense").statusCode()).isEqualTo(401);
    GuardedServer.read(
        api.send(
            "POST",
            "/v1/tenants/keyed/apikeys/" + key.getApiKey().getKeyId() + ":revoke",
            api.operatorKey,
            "{}"),
        ApiKey.getDefaultInstance());
    await().atMost(CUT).until(() -> ndjson(key.getSecret()).statusCode() == 401);
  }

  private static void quotas(String tenant, String quotas) throws Exception {
    assertThat(
            api.send(
                    "PUT",
                    "/v1/tenants/" + tenant + "/quotas",
                    api.operatorKey,
                    "{\"quotas\":" + quotas + "}")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void quotasAreTheApisFollowItAndWhatTheyHeldBackIsCounted() throws Exception {
    api.createTenant("quoted");
    String key = sender("quoted");
    quotas("quoted", "{\"eventsPerSecond\":1,\"burstSeconds\":1}");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              HttpResponse<String> answer = ndjson(key);
              assertThat(answer.statusCode()).isEqualTo(429);
              assertThat(answer.headers().firstValue("retry-after")).isPresent();
            });
    try (TestAgent agent = enroll("quoted")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      // An hour's debt: no credit comes back for it.
      dev.tidewatch.ingest.v1.AgentEvent[] events = new dev.tidewatch.ingest.v1.AgentEvent[3_600];
      java.util.Arrays.setAll(events, i -> TestAgent.event("e" + i));
      line.send(TestAgent.batch(1, events));
      line.acknowledged(1);
      assertThat(line.received.poll(1500, TimeUnit.MILLISECONDS)).isNull();
      quotas("quoted", "{}");
      GatewayMessage credit = line.received.poll(CUT.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(credit).isNotNull();
      assertThat(credit.hasCredit()).isTrue();
    }
    await().atMost(CUT).until(() -> ndjson(key).statusCode() == 200);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              IngestUsage usage =
                  GuardedServer.read(
                      api.get("/v1/tenants/quoted/ingestusage", api.operatorKey),
                      IngestUsage.getDefaultInstance());
              long agents =
                  usage.getHoursList().stream()
                      .filter(hour -> hour.getWay().equals("agent"))
                      .mapToLong(IngestUsage.Hour::getEvents)
                      .sum();
              assertThat(agents).isEqualTo(3_600);
              assertThat(
                      usage.getHoursList().stream()
                          .mapToLong(IngestUsage.Hour::getOverQuotaEvents)
                          .sum())
                  .isGreaterThanOrEqualTo(3_602);
            });
    quotas("quoted", "{\"bytesPerDay\":1000}");
    await().atMost(CUT).until(() -> ndjson(key).statusCode() == 429);
  }

  @Test
  void commandsAreSignedByTheApiAndTheirResultsAndEvidenceComeBack() throws Exception {
    api.createTenant("commanded");
    String responder = api.createKey("commanded", Role.ROLE_RESPONDER).getSecret();
    String viewer = api.createKey("commanded", Role.ROLE_VIEWER).getSecret();
    try (TestAgent agent = enroll("commanded")) {
      String id = agent.enrollment.getAgentId();
      String path = "/v1/tenants/commanded/agents/" + id + "/commands";
      SendCommandRequest wish =
          SendCommandRequest.newBuilder()
              .setCommand(
                  Command.newBuilder()
                      .setReason("CASE-7")
                      .setIssuedBy("somebody else")
                      .setCollectPath(CollectPath.newBuilder().setPath("/etc/hosts")))
              .build();
      assertThat(api.post(path, viewer, wish).statusCode()).isEqualTo(403);
      AgentCommand sent =
          GuardedServer.read(api.post(path, responder, wish), AgentCommand.getDefaultInstance());
      // It waits for an agent that is away.
      TestAgent.Line line = agent.connect((byte) 1, 0);
      SignedCommand signed = until(line, GatewayMessage::hasCommand).getCommand();
      Command command = Command.parseFrom(signed.getCommand());
      CommandKey key =
          agent.enrollment.getCommandKeysList().stream()
              .filter(one -> one.getKeyId().equals(signed.getKeyId()))
              .findFirst()
              .orElseThrow();
      assertThat(
              holds(
                  key,
                  "tidewatch.command.v1",
                  signed.getCommand().toByteArray(),
                  signed.getSignature().toByteArray()))
          .isTrue();
      assertThat(command.getCommandId()).isEqualTo(sent.getCommandId());
      assertThat(command.getIssuedBy()).isEqualTo("key:of ROLE_RESPONDER@commanded");
      line.send(collected(sent, "/etc/../etc/ho sts\"\u202e.html"));
      assertThat(
              until(line, GatewayMessage::hasCommandResultAcknowledgement)
                  .getCommandResultAcknowledgement()
                  .getCommandId())
          .isEqualTo(sent.getCommandId());
      // A second final result changes nothing, and is acknowledged so that the agent forgets it.
      line.send(result(sent, CommandStatus.COMMAND_STATUS_FAILED, "other"));
      until(line, GatewayMessage::hasCommandResultAcknowledgement);
      AgentCommand answered =
          GuardedServer.read(
              api.get("/v1/tenants/commanded/agentcommands/" + sent.getCommandId(), responder),
              AgentCommand.getDefaultInstance());
      assertThat(answered.getResult().getCode()).isEqualTo("done");
      assertThat(answered.getAnsweredMs()).isPositive();
      // Evidence comes behind its result.
      String download =
          "/v1/tenants/commanded/agentcommands/" + sent.getCommandId() + "/evidence/u1";
      assertThat(api.get(download, responder).body()).contains("FAILED_PRECONDITION", "not here");
      line.send(
          AgentMessage.newBuilder()
              .setEvidence(
                  EvidenceChunk.newBuilder()
                      .setCommandId(sent.getCommandId())
                      .setUploadId("u1")
                      .setData(com.google.protobuf.ByteString.copyFromUtf8("127.0.0.1"))
                      .setLast(true))
              .build());
      assertThat(
              until(line, GatewayMessage::hasEvidenceAcknowledgement)
                  .getEvidenceAcknowledgement()
                  .getReceivedBytes())
          .isEqualTo(9);
      evidenceIsReadByThoseWhoMay(download, sent, responder, viewer);
      // Nobody answers for another.
      try (TestAgent other = enroll("commanded")) {
        AgentCommand second =
            GuardedServer.read(api.post(path, responder, wish), AgentCommand.getDefaultInstance());
        until(line, GatewayMessage::hasCommand);
        TestAgent.Line liar = other.connect((byte) 1, 0);
        liar.send(result(second, CommandStatus.COMMAND_STATUS_SUCCEEDED, "done"));
        until(liar, GatewayMessage::hasCommandResultAcknowledgement);
        ListCommandsResponse list =
            GuardedServer.read(
                api.get("/v1/tenants/commanded/agentcommands?agent_id=" + id, viewer),
                ListCommandsResponse.getDefaultInstance());
        assertThat(list.getCommandsList())
            .extracting(AgentCommand::getCommandId)
            .containsExactly(second.getCommandId(), sent.getCommandId());
        assertThat(list.getCommands(0).getAnsweredMs()).isZero();
      }
    }
    assertThat(api.get("/v1/tenants/commanded/audit", api.operatorKey).body())
        .contains("AgentService/SendCommand", "COLLECT_PATH", "CASE-7");
  }

  private static void evidenceIsReadByThoseWhoMay(
      String download, AgentCommand sent, String responder, String viewer) throws Exception {
    HttpResponse<String> file = api.get(download, responder);
    assertThat(file.statusCode()).as(file.body()).isEqualTo(200);
    assertThat(file.body()).isEqualTo("127.0.0.1");
    assertThat(file.headers().map())
        .containsEntry("content-type", List.of("application/octet-stream"))
        .containsEntry("x-content-type-options", List.of("nosniff"))
        .containsEntry("cache-control", List.of("no-store"))
        .containsEntry(
            "content-disposition", List.of("attachment; filename=\"ho_sts__.html.evidence\""))
        .containsEntry("content-length", List.of("9"));
    AgentServiceGrpc.AgentServiceBlockingStub stub =
        GrpcClients.builder("gproto+http://127.0.0.1:" + api.port() + "/")
            .addHeader("authorization", "Bearer " + responder)
            .build(AgentServiceGrpc.AgentServiceBlockingStub.class);
    ReadEvidenceRequest request =
        ReadEvidenceRequest.newBuilder()
            .setTenantId("commanded")
            .setCommandId(sent.getCommandId())
            .setUploadId("u1")
            .build();
    assertThat(stub.readEvidence(request))
        .toIterable()
        .extracting(part -> part.getData().toStringUtf8())
        .containsExactly("127.0.0.1");
    assertThat(api.get(download, viewer).statusCode()).isEqualTo(403);
    assertThat(api.get(download, "").statusCode()).isEqualTo(401);
    assertThat(api.get(download.replace("commanded", "other"), responder).statusCode())
        .isEqualTo(403);
    assertThat(api.get(download + "x", responder).statusCode()).isEqualTo(404);
    for (String upload : List.of("..", "%2e%2e", "..%2fu1", "u1%00", "a%5cb")) {
      assertThat(api.get(download.replace("u1", upload), responder).statusCode())
          .as(upload)
          .isIn(400, 404);
    }
    String log = api.get("/v1/tenants/commanded/audit", api.operatorKey).body();
    assertThat(log.split("AgentService/ReadEvidence", -1)).as(log).hasSizeGreaterThan(4);
    assertThat(log).contains("key:of ROLE_VIEWER@commanded", "\\\"bytes\\\":9");
  }

  private static AgentMessage collected(AgentCommand command, String path) {
    AgentMessage done = result(command, CommandStatus.COMMAND_STATUS_SUCCEEDED, "done");
    return done.toBuilder()
        .setCommandResult(
            done.getCommandResult().toBuilder()
                .addEvidence(Evidence.newBuilder().setPath(path).setSizeBytes(9).setUploadId("u1")))
        .build();
  }

  private static AgentMessage result(AgentCommand command, CommandStatus status, String code) {
    return AgentMessage.newBuilder()
        .setCommandResult(
            CommandResult.newBuilder()
                .setCommandId(command.getCommandId())
                .setStatus(status)
                .setCode(code))
        .build();
  }

  private static AgentConfiguration configure(String tenant, String agentId, String content)
      throws Exception {
    return GuardedServer.read(
        api.send(
            "PUT",
            "/v1/tenants/" + tenant + "/agentconfigurations",
            api.operatorKey,
            "{\"agentId\":\"" + agentId + "\",\"content\":\"" + content + "\"}"),
        AgentConfiguration.getDefaultInstance());
  }

  @Test
  void configurationsGoDownSignedToThoseWhoHaveOlderOnes() throws Exception {
    api.createTenant("configured");
    try (TestAgent agent = enroll("configured");
        TestAgent special = enroll("configured")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      TestAgent.Line specials = special.connect((byte) 1, 0);
      AgentConfiguration all = configure("configured", "", "batch.max-events = 7");
      for (TestAgent.Line one : List.of(line, specials)) {
        SignedConfiguration signed =
            until(one, GatewayMessage::hasConfiguration).getConfiguration();
        Configuration content = Configuration.parseFrom(signed.getConfiguration());
        assertThat(content.getContent().toStringUtf8()).isEqualTo("batch.max-events = 7");
        assertThat(content.getVersion()).isEqualTo(all.getVersion());
        assertThat(content.getTenantId()).isEqualTo("configured");
        assertThat(
                holds(
                    agent.enrollment.getCommandKeys(0),
                    "tidewatch.configuration.v1",
                    signed.getConfiguration().toByteArray(),
                    signed.getSignature().toByteArray()))
            .isTrue();
      }
      String id = special.enrollment.getAgentId();
      AgentConfiguration own = configure("configured", id, "batch.max-events = 8");
      assertThat(own.getVersion()).isGreaterThan(all.getVersion());
      Configuration got =
          Configuration.parseFrom(
              until(specials, GatewayMessage::hasConfiguration)
                  .getConfiguration()
                  .getConfiguration());
      assertThat(got.getAgentId()).isEqualTo(id);
      // The other one has what it should have, and is left alone.
      assertThat(line.received.stream().noneMatch(GatewayMessage::hasConfiguration)).isTrue();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> agent("configured", id).getWantedConfigurationVersion() == own.getVersion());
      assertThat(
              api.send(
                      "PUT",
                      "/v1/tenants/configured/agentconfigurations",
                      api.operatorKey,
                      "{\"agentId\":\"" + id + "\",\"content\":\"\",\"baseVersion\":\"99\"}")
                  .statusCode())
          .isEqualTo(409);
    }
  }

  @Test
  void agentsOfAGatewayThatRanAloneGoOn() throws Exception {
    api.createTenant("adopted");
    Path place = directory.resolve("alone");
    TestAgent agent;
    int port;
    try (Gateway alone =
        Gateway.start(GatewayOptions.builder(place, KAFKA.bootstrapServers()).build())) {
      agent = TestAgent.enroll(alone, "adopted");
      port = alone.port();
    }
    try (Gateway joined =
        Gateway.start(
            GatewayOptions.builder(place, KAFKA.bootstrapServers())
                .ports(port, 0)
                .database(LocalDatabases.options(POSTGRES.postgres()))
                .build())) {
      assertThatThrownBy(joined::administration).isInstanceOf(IllegalStateException.class);
      TestAgent.Line line = agent.connect((byte) 1, 0);
      line.send(TestAgent.batch(1, TestAgent.event("still here")));
      line.acknowledged(1);
      assertThat(agent("adopted", agent.enrollment.getAgentId()).getHost()).isEqualTo("web-1");
      agent.close();
    } finally {
      // The newest authority is the one that tokens name.
      gateway.close();
      gateway = Gateway.start(options(directory.resolve("gateway")));
    }
  }
}
