package dev.tidewatch.control.gateway.enrollment;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.ingest.v1.CommandKey;
import dev.tidewatch.ingest.v1.EnrollRequest;
import dev.tidewatch.ingest.v1.Enrollment;
import dev.tidewatch.ingest.v1.RenewRequest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets agents in, renews them, locks them out, and notices clones. */
public final class Enrollments {
  private static final Logger LOG = LoggerFactory.getLogger(Enrollments.class);
  private static final String TOKEN_PREFIX = "tw1.";
  private static final int FINGERPRINT_BYTES = 32;
  private static final int LONGEST_NAME = 255;

  private final EnrollmentStore store;
  private final CertificateAuthority authority;
  private final Supplier<List<CommandKey>> commandKeys;
  private final Terms terms;
  private final Clock clock;

  /**
   * @param lifetime of agents' certificates
   * @param telemetryEndpoint where enrolled agents stream to, {@code host:port}; empty for where
   *     they enrolled
   */
  public record Terms(Duration lifetime, String telemetryEndpoint) {}

  /**
   * @param commandKeys of those who may sign commands; agents learn them
   */
  public Enrollments(
      EnrollmentStore store,
      CertificateAuthority authority,
      Supplier<List<CommandKey>> commandKeys,
      Terms terms,
      Clock clock) {
    this.store = store;
    this.authority = authority;
    this.commandKeys = commandKeys;
    this.terms = terms;
    this.clock = clock;
  }

  /** Empty for a token that does not let anybody in. */
  Optional<Enrollment> enroll(EnrollRequest request) {
    PublicKey key = CertificateRequest.keyOf(request.getCsr().toByteArray());
    String fingerprint = fingerprint(request.getHardwareFingerprint());
    String[] parts = request.getToken().strip().split("\\.", -1);
    // The pin behind the secret is for the agent's eyes.
    if (parts.length < 2
        || parts.length > 3
        || !request.getToken().strip().startsWith(TOKEN_PREFIX)) {
      return Optional.empty();
    }
    AtomicReference<X509Certificate> certificate = new AtomicReference<>();
    Instant now = clock.instant();
    return store
        .redeem(
            parts[1],
            now,
            tenant -> {
              String agentId = EventIds.next().toString();
              X509Certificate issued = authority.certify(tenant, agentId, key, terms.lifetime());
              certificate.set(issued);
              return new EnrolledAgent(
                  agentId,
                  tenant,
                  name(request.getHost()),
                  name(request.getPlatform()),
                  name(request.getAgentVersion()),
                  fingerprint,
                  now,
                  issued.getSerialNumber().toString(16),
                  issued.getNotAfter().toInstant(),
                  null,
                  null);
            })
        .map(
            agent -> {
              LOG.info(
                  "agent enrolled: agent={} tenant={} host={}",
                  agent.agentId(),
                  agent.tenant(),
                  agent.host());
              return answer(agent, Objects.requireNonNull(certificate.get()));
            });
  }

  /**
   * A new certificate for {@code identity}.
   *
   * @throws IllegalArgumentException for a bad request
   */
  Enrollment renew(AgentIdentity identity, RenewRequest request) {
    PublicKey key = CertificateRequest.keyOf(request.getCsr().toByteArray());
    EnrolledAgent agent =
        store
            .agent(identity.agentId())
            .orElseThrow(() -> new IllegalArgumentException("agent: not enrolled here"));
    observe(identity, request.getHardwareFingerprint());
    X509Certificate issued =
        authority.certify(agent.tenant(), agent.agentId(), key, terms.lifetime());
    store.renewed(
        agent.agentId(), issued.getSerialNumber().toString(16), issued.getNotAfter().toInstant());
    return answer(agent, issued);
  }

  /** Whether {@code identity} may stream and renew. */
  public enum Welcome {
    /** Enrolled here, in its tenant, not revoked, and the tenant is served. */
    YES,
    /** Its tenant is suspended. */
    LATER,
    /** Revoked, unknown, or its tenant is gone. */
    NEVER
  }

  public Welcome welcome(AgentIdentity identity) {
    boolean known =
        store
            .agent(identity.agentId())
            .filter(agent -> agent.tenant().equals(identity.tenant()) && agent.revoked() == null)
            .isPresent();
    if (!known) {
      return Welcome.NEVER;
    }
    return switch (store.standing(identity.tenant())) {
      case SERVED -> Welcome.YES;
      case SUSPENDED -> Welcome.LATER;
      case GONE -> Welcome.NEVER;
    };
  }

  /**
   * Holds the hardware that an identity shows up with against that of its enrolment.
   *
   * @return false for a clone: other hardware
   */
  public boolean observe(AgentIdentity identity, ByteString fingerprint) {
    if (fingerprint.isEmpty()) {
      return true;
    }
    String seen = fingerprint(fingerprint);
    Optional<EnrolledAgent> agent = store.agent(identity.agentId());
    if (agent.isEmpty() || agent.get().fingerprint().equals(seen)) {
      return true;
    }
    if (!seen.equals(agent.get().cloneFingerprint())) {
      LOG.warn(
          "agent shows up on other hardware: agent={} tenant={} host={}",
          identity.agentId(),
          identity.tenant(),
          agent.get().host());
      store.flagClone(identity.agentId(), seen);
    }
    return false;
  }

  private Enrollment answer(EnrolledAgent agent, X509Certificate certificate) {
    return Enrollment.newBuilder()
        .setAgentId(agent.agentId())
        .setTenantId(agent.tenant())
        .addCertificateChain(ByteString.copyFrom(CertificateAuthority.encoded(certificate)))
        .addCaCertificates(ByteString.copyFrom(CertificateAuthority.encoded(authority.root())))
        .addAllCommandKeys(commandKeys.get())
        .setTelemetryEndpoint(terms.telemetryEndpoint())
        .setNotAfterUs(micros(certificate.getNotAfter().toInstant()))
        .setRenewAfterUs(micros(renewAfter(certificate.getNotAfter().toInstant())))
        .build();
  }

  /** When two thirds of the lifetime are over. */
  public Instant renewAfter(Instant notAfter) {
    return notAfter.minus(terms.lifetime().dividedBy(3));
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static String fingerprint(ByteString bytes) {
    if (bytes.size() != FINGERPRINT_BYTES) {
      throw new IllegalArgumentException(
          "hardware_fingerprint: must have 32 bytes, not " + bytes.size());
    }
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  private static String name(String text) {
    String printable = text.replaceAll("[\\p{Cntrl}\\p{Cf}]", "");
    return printable.substring(0, Math.min(LONGEST_NAME, printable.length()));
  }
}
