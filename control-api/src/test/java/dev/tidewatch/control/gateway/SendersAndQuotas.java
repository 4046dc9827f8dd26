package dev.tidewatch.control.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.control.GuardedServer;
import dev.tidewatch.control.v1.*;
import dev.tidewatch.ingest.v1.GatewayMessage;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the API's keys may send, and its quotas hold back. */
abstract class SendersAndQuotas {
  private final ControlledGateway on;

  SendersAndQuotas(ControlledGateway on) {
    this.on = on;
  }

  @Test
  void keysOfTheControlApiSendWhenTheyMay() throws Exception {
    on.api().createTenant("keyed");
    CreateApiKeyResponse key =
        on.api().createKey("keyed", Role.ROLE_ENGINEER, Permission.PERMISSION_TELEMETRY_SEND);
    assertThat(on.ndjson(key.getSecret()).statusCode()).isEqualTo(200);
    assertThat(Telemetry.payloads(on.kafka(), "keyed")).containsExactly("{\"a\":1}", "{\"a\":2}");
    // What it may not: look.
    assertThat(on.api().get("/v1/tenants/keyed/agents", key.getSecret()).statusCode())
        .isEqualTo(403);
    String viewer = on.api().createKey("keyed", Role.ROLE_VIEWER).getSecret();
    assertThat(on.ndjson(viewer).statusCode()).isEqualTo(401);
    assertThat(on.ndjson(on.api().operatorKey).statusCode())
        .as("operators have no telemetry")
        .isEqualTo(401);
    assertThat(on.ndjson("twk.nonsense").statusCode()).isEqualTo(401);
    GuardedServer.read(
        on.api()
            .send(
                "POST",
                "/v1/tenants/keyed/apikeys/" + key.getApiKey().getKeyId() + ":revoke",
                on.api().operatorKey,
                "{}"),
        ApiKey.getDefaultInstance());
    await()
        .atMost(ControlledGateway.CUT)
        .until(() -> on.ndjson(key.getSecret()).statusCode() == 401);
  }

  @Test
  void quotasAreTheApisFollowItAndWhatTheyHeldBackIsCounted() throws Exception {
    on.api().createTenant("quoted");
    String key = on.sender("quoted");
    on.quotas("quoted", "{\"eventsPerSecond\":1,\"burstSeconds\":1}");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              HttpResponse<String> answer = on.ndjson(key);
              assertThat(answer.statusCode()).isEqualTo(429);
              assertThat(answer.headers().firstValue("retry-after")).isPresent();
            });
    try (TestAgent agent = on.enroll("quoted")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      // An hour's debt: no credit comes back for it.
      dev.tidewatch.ingest.v1.AgentEvent[] events = new dev.tidewatch.ingest.v1.AgentEvent[3_600];
      java.util.Arrays.setAll(events, i -> TestAgent.event("e" + i));
      line.send(TestAgent.batch(1, events));
      line.acknowledged(1);
      assertThat(line.received.poll(1500, TimeUnit.MILLISECONDS)).isNull();
      on.quotas("quoted", "{}");
      GatewayMessage credit =
          line.received.poll(ControlledGateway.CUT.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(credit).isNotNull();
      assertThat(credit.hasCredit()).isTrue();
    }
    await().atMost(ControlledGateway.CUT).until(() -> on.ndjson(key).statusCode() == 200);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              IngestUsage usage =
                  GuardedServer.read(
                      on.api().get("/v1/tenants/quoted/ingestusage", on.api().operatorKey),
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
    on.quotas("quoted", "{\"bytesPerDay\":1000}");
    await().atMost(ControlledGateway.CUT).until(() -> on.ndjson(key).statusCode() == 429);
  }
}
