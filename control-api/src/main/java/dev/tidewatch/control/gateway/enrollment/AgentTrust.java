package dev.tidewatch.control.gateway.enrollment;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Lets client certificates of this gateway's own authority through the handshake and no others,
 * also for some time after they expired: with such a one an agent may renew and do nothing else.
 */
public final class AgentTrust extends X509ExtendedTrustManager {
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private final CertificateAuthority authority;
  private final Duration grace;
  private final Clock clock;

  /**
   * @param grace how long after its expiry a certificate may still renew
   */
  public AgentTrust(CertificateAuthority authority, Duration grace, Clock clock) {
    this.authority = authority;
    this.grace = grace;
    this.clock = clock;
  }

  private void check(X509Certificate @Nullable [] chain) throws CertificateException {
    if (chain == null || chain.length == 0) {
      throw new CertificateException("no certificate");
    }
    X509Certificate leaf = chain[0];
    if (!leaf.getIssuerX500Principal().equals(authority.issuer())) {
      throw new CertificateException("issued by another authority");
    }
    try {
      leaf.verify(authority.root().getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CertificateException("not signed by this gateway's authority", e);
    }
    if (leaf.getBasicConstraints() >= 0 || !hasPurpose(leaf)) {
      throw new CertificateException("not an agent's certificate");
    }
    Instant now = clock.instant();
    if (now.isBefore(leaf.getNotBefore().toInstant())
        || now.isAfter(leaf.getNotAfter().toInstant().plus(grace))) {
      throw new CertificateException("not valid now");
    }
    if (AgentIdentity.of(leaf).isEmpty()) {
      throw new CertificateException("names no agent");
    }
  }

  private static boolean hasPurpose(X509Certificate leaf) throws CertificateException {
    @Nullable List<String> purposes = leaf.getExtendedKeyUsage();
    return purposes != null && purposes.contains(CLIENT_AUTH);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("a gateway trusts no servers");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("a gateway trusts no servers");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("a gateway trusts no servers");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[] {authority.root()};
  }
}
