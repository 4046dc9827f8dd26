package dev.tidewatch.control.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.tidewatch.control.GuardedServer;
import dev.tidewatch.control.v1.*;
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
import dev.tidewatch.ingest.v1.SignedCommand;
import dev.tidewatch.ingest.v1.SignedConfiguration;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands and configurations that the API signs, and what agents answer. */
abstract class CommandedAgents {
  private final ControlledGateway on;

  CommandedAgents(ControlledGateway on) {
    this.on = on;
  }

  @Test
  void commandsAreSignedByTheApiAndTheirResultsAndEvidenceComeBack() throws Exception {
    on.api().createTenant("commanded");
    String responder = on.api().createKey("commanded", Role.ROLE_RESPONDER).getSecret();
    String viewer = on.api().createKey("commanded", Role.ROLE_VIEWER).getSecret();
    try (TestAgent agent = on.enroll("commanded")) {
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
      assertThat(on.api().post(path, viewer, wish).statusCode()).isEqualTo(403);
      AgentCommand sent =
          GuardedServer.read(
              on.api().post(path, responder, wish), AgentCommand.getDefaultInstance());
      // It waits for an agent that is away.
      TestAgent.Line line = agent.connect((byte) 1, 0);
      SignedCommand signed = ControlledGateway.until(line, GatewayMessage::hasCommand).getCommand();
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
              ControlledGateway.until(line, GatewayMessage::hasCommandResultAcknowledgement)
                  .getCommandResultAcknowledgement()
                  .getCommandId())
          .isEqualTo(sent.getCommandId());
      // A second final result changes nothing, and is acknowledged so that the agent forgets it.
      line.send(result(sent, CommandStatus.COMMAND_STATUS_FAILED, "other"));
      ControlledGateway.until(line, GatewayMessage::hasCommandResultAcknowledgement);
      AgentCommand answered =
          GuardedServer.read(
              on.api().get("/v1/tenants/commanded/agentcommands/" + sent.getCommandId(), responder),
              AgentCommand.getDefaultInstance());
      assertThat(answered.getResult().getCode()).isEqualTo("done");
      assertThat(answered.getAnsweredMs()).isPositive();
      // Evidence comes behind its result.
      String download =
          "/v1/tenants/commanded/agentcommands/" + sent.getCommandId() + "/evidence/u1";
      assertThat(on.api().get(download, responder).body())
          .contains("FAILED_PRECONDITION", "not here");
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
              ControlledGateway.until(line, GatewayMessage::hasEvidenceAcknowledgement)
                  .getEvidenceAcknowledgement()
                  .getReceivedBytes())
          .isEqualTo(9);
      evidenceIsReadByThoseWhoMay(download, sent, responder, viewer);
      // Nobody answers for another.
      try (TestAgent other = on.enroll("commanded")) {
        AgentCommand second =
            GuardedServer.read(
                on.api().post(path, responder, wish), AgentCommand.getDefaultInstance());
        ControlledGateway.until(line, GatewayMessage::hasCommand);
        TestAgent.Line liar = other.connect((byte) 1, 0);
        liar.send(result(second, CommandStatus.COMMAND_STATUS_SUCCEEDED, "done"));
        ControlledGateway.until(liar, GatewayMessage::hasCommandResultAcknowledgement);
        ListCommandsResponse list =
            GuardedServer.read(
                on.api().get("/v1/tenants/commanded/agentcommands?agent_id=" + id, viewer),
                ListCommandsResponse.getDefaultInstance());
        assertThat(list.getCommandsList())
            .extracting(AgentCommand::getCommandId)
            .containsExactly(second.getCommandId(), sent.getCommandId());
        assertThat(list.getCommands(0).getAnsweredMs()).isZero();
      }
    }
    assertThat(on.api().get("/v1/tenants/commanded/audit", on.api().operatorKey).body())
        .contains("AgentService/SendCommand", "COLLECT_PATH", "CASE-7");
  }

  private void evidenceIsReadByThoseWhoMay(
      String download, AgentCommand sent, String responder, String viewer) throws Exception {
    HttpResponse<String> file = on.api().get(download, responder);
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
        GrpcClients.builder("gproto+http://127.0.0.1:" + on.api().port() + "/")
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
    assertThat(on.api().get(download, viewer).statusCode()).isEqualTo(403);
    assertThat(on.api().get(download, "").statusCode()).isEqualTo(401);
    assertThat(on.api().get(download.replace("commanded", "other"), responder).statusCode())
        .isEqualTo(403);
    assertThat(on.api().get(download + "x", responder).statusCode()).isEqualTo(404);
    for (String upload : List.of("..", "%2e%2e", "..%2fu1", "u1%00", "a%5cb")) {
      assertThat(on.api().get(download.replace("u1", upload), responder).statusCode())
          .as(upload)
          .isIn(400, 404);
    }
    String log = on.api().get("/v1/tenants/commanded/audit", on.api().operatorKey).body();
    assertThat(log.split("AgentService/ReadEvidence", -1)).as(log).hasSizeGreaterThan(4);
    assertThat(log).contains("key:of ROLE_VIEWER@commanded", "\\\"bytes\\\":9");
  }

  private AgentMessage collected(AgentCommand command, String path) {
    AgentMessage done = result(command, CommandStatus.COMMAND_STATUS_SUCCEEDED, "done");
    return done.toBuilder()
        .setCommandResult(
            done.getCommandResult().toBuilder()
                .addEvidence(Evidence.newBuilder().setPath(path).setSizeBytes(9).setUploadId("u1")))
        .build();
  }

  private AgentMessage result(AgentCommand command, CommandStatus status, String code) {
    return AgentMessage.newBuilder()
        .setCommandResult(
            CommandResult.newBuilder()
                .setCommandId(command.getCommandId())
                .setStatus(status)
                .setCode(code))
        .build();
  }

  private AgentConfiguration configure(String tenant, String agentId, String content)
      throws Exception {
    return GuardedServer.read(
        on.api()
            .send(
                "PUT",
                "/v1/tenants/" + tenant + "/agentconfigurations",
                on.api().operatorKey,
                "{\"agentId\":\"" + agentId + "\",\"content\":\"" + content + "\"}"),
        AgentConfiguration.getDefaultInstance());
  }

  @Test
  void configurationsGoDownSignedToThoseWhoHaveOlderOnes() throws Exception {
    on.api().createTenant("configured");
    try (TestAgent agent = on.enroll("configured");
        TestAgent special = on.enroll("configured")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      TestAgent.Line specials = special.connect((byte) 1, 0);
      AgentConfiguration all = configure("configured", "", "batch.max-events = 7");
      for (TestAgent.Line one : List.of(line, specials)) {
        SignedConfiguration signed =
            ControlledGateway.until(one, GatewayMessage::hasConfiguration).getConfiguration();
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
              ControlledGateway.until(specials, GatewayMessage::hasConfiguration)
                  .getConfiguration()
                  .getConfiguration());
      assertThat(got.getAgentId()).isEqualTo(id);
      // The other one has what it should have, and is left alone.
      assertThat(line.received.stream().noneMatch(GatewayMessage::hasConfiguration)).isTrue();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> on.agent("configured", id).getWantedConfigurationVersion() == own.getVersion());
      assertThat(
              on.api()
                  .send(
                      "PUT",
                      "/v1/tenants/configured/agentconfigurations",
                      on.api().operatorKey,
                      "{\"agentId\":\"" + id + "\",\"content\":\"\",\"baseVersion\":\"99\"}")
                  .statusCode())
          .isEqualTo(409);
    }
  }

  private boolean holds(CommandKey key, String domain, byte[] bytes, byte[] signature)
      throws Exception {
    Signature ed25519 = Signature.getInstance("Ed25519");
    ed25519.initVerify(
        KeyFactory.getInstance("Ed25519")
            .generatePublic(new X509EncodedKeySpec(key.getPublicKey().toByteArray())));
    ed25519.update((domain + "\0").getBytes(StandardCharsets.US_ASCII));
    ed25519.update(bytes);
    return ed25519.verify(signature);
  }
}
