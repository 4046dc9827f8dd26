package dev.tidewatch.control.gateway.enrollment;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.control.ManualClock;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AgentTrustTest {
  private static final String AGENT = UUID.randomUUID().toString();
  private final ManualClock clock = new ManualClock();
  private final CertificateAuthority authority = CertificateAuthority.found(clock);
  private final AgentTrust trust = new AgentTrust(authority, Duration.ofDays(1), clock);

  private void check(X509Certificate... chain) throws CertificateException {
    trust.checkClientTrusted(chain, "EC");
  }

  private static X509Certificate certify(CertificateAuthority by) {
    return by.certify("acme", AGENT, Keys.p256().getPublic(), Duration.ofHours(1));
  }

  @Test
  void onlyItsOwnAgentsPass() throws CertificateException {
    check(certify(authority));
    CertificateAuthority foreign = CertificateAuthority.found(clock);
    assertThatThrownBy(() -> check(certify(foreign))).hasMessageContaining("another authority");
    assertThatThrownBy(() -> check(certify(foreign), authority.root()))
        .isInstanceOf(CertificateException.class);
    assertThatThrownBy(() -> check()).isInstanceOf(CertificateException.class);
    assertThatThrownBy(() -> check(authority.root())).hasMessageContaining("not an agent");
    assertThatThrownBy(() -> check(authority.certifyServer(List.of("h")).certificate()))
        .hasMessageContaining("not an agent");
  }

  @Test
  void theSameNameIsNotTheSameKey() {
    CertificateAuthority impostor =
        new CertificateAuthority(Keys.p256().getPrivate(), authority.root(), clock);
    assertThatThrownBy(() -> check(certify(impostor))).hasMessageContaining("not signed");
  }

  @Test
  void theGraceEndsToo() throws CertificateException {
    X509Certificate certificate = certify(authority);
    clock.advance(Duration.ofHours(24));
    check(certificate);
    clock.advance(Duration.ofHours(2));
    assertThatThrownBy(() -> check(certificate)).hasMessageContaining("not valid now");
    assertThatCode(() -> check(certify(authority))).doesNotThrowAnyException();
  }
}
