package dev.tidewatch.control.gateway.agent;

import dev.tidewatch.control.gateway.enrollment.AgentIdentity;
import dev.tidewatch.control.gateway.ingest.GatewayLimits;
import dev.tidewatch.ingest.v1.GatewayMessage;
import dev.tidewatch.ingest.v1.Limits;
import dev.tidewatch.ingest.v1.Welcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The gateway's first message on a stream. */
final class Welcomes {
  private Welcomes() {}

  static GatewayMessage of(
      StreamServices services, AgentIdentity identity, long acknowledged, long granted) {
    GatewayLimits limits = services.limits();
    Instant renew = services.enrollments().renewAfter(identity.notAfter());
    return GatewayMessage.newBuilder()
        .setWelcome(
            Welcome.newBuilder()
                .setAcknowledgedSequence(acknowledged)
                .setGrantedBytes(granted)
                .setGatewayTimeUs(micros(services.clock().instant()))
                .setHeartbeatIntervalMs(services.timeouts().heartbeat().toMillis())
                .setRenewAfterUs(micros(renew))
                .setLimits(
                    Limits.newBuilder()
                        .setMaxMessageBytes(limits.maxMessageBytes())
                        .setMaxBlockBytes(limits.maxBlockBytes())
                        .setMaxBlockEvents(limits.maxBlockEvents())
                        .setMaxPayloadBytes(limits.maxPayloadBytes())
                        .setMaxCompressionRatio(limits.maxCompressionRatio())
                        .setIdleTimeoutMs(services.timeouts().idle().toMillis())))
        .build();
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
