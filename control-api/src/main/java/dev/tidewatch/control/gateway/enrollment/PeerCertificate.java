package dev.tidewatch.control.gateway.enrollment;

import com.linecorp.armeria.server.ServiceRequestContext;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The certificate with which the sender of a request came through the handshake. */
public final class PeerCertificate {
  private PeerCertificate() {}

  /** Empty without TLS or without a client certificate. */
  public static Optional<AgentIdentity> identity(ServiceRequestContext ctx) {
    @Nullable SSLSession session = ctx.sslSession();
    if (session == null) {
      return Optional.empty();
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate certificate
          ? AgentIdentity.of(certificate)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }
}
