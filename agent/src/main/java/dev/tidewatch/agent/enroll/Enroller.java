package dev.tidewatch.agent.enroll;

import com.google.protobuf.ByteString;
import dev.tidewatch.ingest.v1.EnrollRequest;
import dev.tidewatch.ingest.v1.Enrollment;
import dev.tidewatch.ingest.v1.EnrollmentServiceGrpc;
import dev.tidewatch.ingest.v1.RenewRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.concurrent.TimeUnit;

/** Gets certificates from a gateway. */
public final class Enroller {
  private static final long TIMEOUT_SECONDS = 30;

  private final AgentFacts facts;

  public Enroller(AgentFacts facts) {
    this.facts = facts;
  }

  /**
   * Spends a token.
   *
   * @param endpoint host:port of the gateway
   * @throws IOException when the gateway cannot be reached, is another one than the token's, or
   *     refuses; the message says which
   */
  public Identity enroll(String endpoint, EnrollmentToken token) throws IOException {
    KeyPair keys = newKeys();
    try {
      ManagedChannel channel = GatewayChannels.open(endpoint, token);
      try {
        Enrollment enrollment =
            EnrollmentServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .enroll(
                    EnrollRequest.newBuilder()
                        .setToken(token.text())
                        .setCsr(SigningRequest.of(keys))
                        .setHardwareFingerprint(facts.fingerprint())
                        .setAgentVersion(facts.version())
                        .setHost(facts.host())
                        .setPlatform(facts.platform())
                        .build());
        return identity(endpoint, keys, enrollment);
      } finally {
        channel.shutdownNow();
      }
    } catch (StatusRuntimeException e) {
      throw new IOException("cannot enrol with " + endpoint + ": " + reason(e), e);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot enrol with " + endpoint + ": " + e.getMessage(), e);
    }
  }

  /** Gets a new certificate for a new key, with the old ones. */
  public Identity renew(Identity old) throws IOException {
    KeyPair keys = newKeys();
    try {
      ManagedChannel channel = GatewayChannels.open(old);
      try {
        Enrollment enrollment =
            EnrollmentServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .renew(
                    RenewRequest.newBuilder()
                        .setCsr(SigningRequest.of(keys))
                        .setHardwareFingerprint(facts.fingerprint())
                        .setAgentVersion(facts.version())
                        .setHost(facts.host())
                        .build());
        if (!enrollment.getAgentId().equals(old.agentId())
            || !enrollment.getTenantId().equals(old.tenantId())) {
          throw new IOException(
              "the gateway renewed with another name: " + enrollment.getAgentId());
        }
        return identity(old.endpoint(), keys, enrollment);
      } finally {
        channel.shutdownNow();
      }
    } catch (StatusRuntimeException e) {
      throw new IOException("cannot renew the certificate: " + reason(e), e);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot renew the certificate: " + e.getMessage(), e);
    }
  }

  private static Identity identity(String endpoint, KeyPair keys, Enrollment enrollment) {
    String telemetry = enrollment.getTelemetryEndpoint();
    return new Identity(
        telemetry.isEmpty() ? endpoint : telemetry,
        ByteString.copyFrom(keys.getPrivate().getEncoded()),
        enrollment);
  }

  private static KeyPair newKeys() throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java has no P-256", e);
    }
  }

  /** What gRPC hides in causes: a certificate that does not fit, a port where nobody listens. */
  private static String reason(StatusRuntimeException failure) {
    String description = failure.getStatus().getDescription();
    Throwable deepest = failure;
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      deepest = cause;
    }
    String text = failure.getStatus().getCode() + (description == null ? "" : ", " + description);
    return deepest == failure ? text : text + " (" + deepest.getMessage() + ")";
  }
}
