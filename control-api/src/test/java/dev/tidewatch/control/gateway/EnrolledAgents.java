package dev.tidewatch.control.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.control.GuardedServer;
import dev.tidewatch.control.v1.*;
import dev.tidewatch.ingest.v1.AgentMessage;
import dev.tidewatch.ingest.v1.Heartbeat;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** Who is let in by the API's tokens, and put out by the API. */
abstract class EnrolledAgents {
  private final ControlledGateway on;

  EnrolledAgents(ControlledGateway on) {
    this.on = on;
  }

  @Test
  void aTokenOfTheTenantsServiceEnrolsOnceAndTheAgentIsListed() throws Exception {
    on.api().createTenant("enrolling");
    String token = on.token("enrolling");
    assertThat(token).matches("tw1\\.[A-Za-z0-9_-]{43}\\.[A-Za-z0-9_-]{43}");
    try (TestAgent agent = TestAgent.enroll(on.gateway().port(), token)) {
      assertThat(agent.enrollment.getTenantId()).isEqualTo("enrolling");
      assertThatThrownBy(() -> TestAgent.enroll(on.gateway().port(), token))
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
                Agent seen = on.agent("enrolling", id);
                assertThat(seen.getConnected()).isTrue();
                assertThat(seen.getHost()).isEqualTo("web-1");
                assertThat(seen.getAgentVersion()).isEqualTo("9.9");
                assertThat(seen.getHeartbeat().getSpoolEvents()).isEqualTo(17);
                assertThat(seen.getHeartbeat().getEventsDropped()).isEqualTo(3);
                assertThat(seen.getLastSeenMs()).isPositive();
              });
      line.gateway.onCompleted();
      await().atMost(Duration.ofSeconds(30)).until(() -> !on.agent("enrolling", id).getConnected());
      ListEnrolmentTokensResponse tokens =
          GuardedServer.read(
              on.api().get("/v1/tenants/enrolling/enrolmenttokens", on.api().operatorKey),
              ListEnrolmentTokensResponse.getDefaultInstance());
      assertThat(tokens.getTokens(0).getUsedBy()).isEqualTo(id);
      assertThat(on.api().get("/v1/tenants/enrolling/audit", on.api().operatorKey).body())
          .contains("EnrollmentService/Enroll", id);
    }
  }

  @Test
  void aWithdrawnTokenAndOneOfASuspendedTenantEnrolNobody() throws Exception {
    on.api().createTenant("closed");
    String token = on.token("closed");
    on.tenant("closed", "suspend");
    assertThatThrownBy(() -> TestAgent.enroll(on.gateway().port(), token))
        .hasMessageContaining("UNAUTHENTICATED");
    on.tenant("closed", "resume");
    CreateEnrolmentTokenResponse other =
        GuardedServer.read(
            on.api()
                .post(
                    "/v1/tenants/closed/enrolmenttokens",
                    on.api().operatorKey,
                    CreateEnrolmentTokenRequest.newBuilder()
                        .setTenantId("closed")
                        .setValidHours(1)
                        .build()),
            CreateEnrolmentTokenResponse.getDefaultInstance());
    GuardedServer.read(
        on.api()
            .post(
                "/v1/tenants/closed/enrolmenttokens/" + other.getToken().getTokenId() + ":revoke",
                on.api().operatorKey,
                RevokeEnrolmentTokenRequest.getDefaultInstance()),
        EnrolmentToken.getDefaultInstance());
    assertThatThrownBy(() -> TestAgent.enroll(on.gateway().port(), other.getSecret()))
        .hasMessageContaining("UNAUTHENTICATED");
    // The first one was not used up by the attempt.
    TestAgent.enroll(on.gateway().port(), token).close();
  }

  @Test
  void whoIsRevokedByTheApiIsCutOff() throws Exception {
    on.api().createTenant("revoking");
    try (TestAgent agent = on.enroll("revoking")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      String id = agent.enrollment.getAgentId();
      String viewer = on.api().createKey("revoking", Role.ROLE_VIEWER).getSecret();
      assertThat(
              on.api()
                  .send("POST", "/v1/tenants/revoking/agents/" + id + ":revoke", viewer, "{}")
                  .statusCode())
          .isEqualTo(403);
      Agent revoked =
          GuardedServer.read(
              on.api()
                  .send(
                      "POST",
                      "/v1/tenants/revoking/agents/" + id + ":revoke",
                      on.api().operatorKey,
                      "{\"reason\":\"laptop lost\"}"),
              Agent.getDefaultInstance());
      long at = System.nanoTime();
      assertThat(revoked.getRevokedReason()).isEqualTo("laptop lost");
      assertThat(line.ended().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(Duration.ofNanos(System.nanoTime() - at)).isLessThan(ControlledGateway.CUT);
      assertThat(agent.open().ended().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }
  }

  @Test
  void aSuspendedTenantWaitsAndADeletedOneIsGone() throws Exception {
    on.api().createTenant("leaving");
    String key = on.sender("leaving");
    try (TestAgent agent = on.enroll("leaving")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      assertThat(on.ndjson(key).statusCode()).isEqualTo(200);
      on.tenant("leaving", "suspend");
      long at = System.nanoTime();
      assertThat(line.ended().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(Duration.ofNanos(System.nanoTime() - at)).isLessThan(ControlledGateway.CUT);
      assertThat(on.ndjson(key).statusCode()).isEqualTo(401);
      on.tenant("leaving", "resume");
      await().atMost(ControlledGateway.CUT).until(() -> on.ndjson(key).statusCode() == 200);
      TestAgent.Line again = agent.connect((byte) 1, 0);
      try (Handle superuser = on.api().superuser()) {
        superuser.execute("UPDATE tenants SET deleted_at = now() WHERE tenant_id = 'leaving'");
      }
      at = System.nanoTime();
      assertThat(again.ended().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(Duration.ofNanos(System.nanoTime() - at)).isLessThan(ControlledGateway.CUT);
      assertThat(on.ndjson(key).statusCode()).isEqualTo(401);
    }
  }
}
