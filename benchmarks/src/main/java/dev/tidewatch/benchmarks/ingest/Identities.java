package dev.tidewatch.benchmarks.ingest;

import dev.tidewatch.control.gateway.enrollment.CertificateAuthority;
import dev.tidewatch.control.gateway.enrollment.EnrolledAgent;
import dev.tidewatch.control.gateway.enrollment.FileEnrollmentStore;
import dev.tidewatch.control.gateway.enrollment.Secrets;
import dev.tidewatch.events.EventIds;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Enrolled agents, made before the gateway starts, in its own files. They share one key, so that
 * the clients' side costs less; each has a certificate of its own.
 */
record Identities(PrivateKey key, X509Certificate root, List<X509Certificate> certificates) {
  private static final Duration LIFETIME = Duration.ofDays(1);

  static Identities enroll(Path directory, int count) throws IOException {
    Clock clock = Clock.systemUTC();
    CertificateAuthority authority = CertificateAuthority.open(directory, clock);
    KeyPair keys = keys();
    List<X509Certificate> certificates = new ArrayList<>();
    try (FileEnrollmentStore store =
        FileEnrollmentStore.open(directory.resolve("enrollment.ndjson"), clock.instant())) {
      for (int i = 0; i < count; i++) {
        String agentId = EventIds.next().toString();
        X509Certificate certificate =
            authority.certify("bench", agentId, keys.getPublic(), LIFETIME);
        String token = agentId;
        store.addToken(Secrets.hash(token), "bench", clock.instant().plus(LIFETIME));
        var unused =
            store.redeem(
                token, clock.instant(), tenant -> agent(agentId, tenant, certificate, clock));
        certificates.add(certificate);
      }
    }
    return new Identities(keys.getPrivate(), authority.root(), certificates);
  }

  private static EnrolledAgent agent(
      String agentId, String tenant, X509Certificate certificate, Clock clock) {
    return new EnrolledAgent(
        agentId,
        tenant,
        "host-" + agentId.substring(24),
        "benchmark",
        "1",
        "",
        clock.instant(),
        certificate.getSerialNumber().toString(16),
        certificate.getNotAfter().toInstant(),
        null,
        null);
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
