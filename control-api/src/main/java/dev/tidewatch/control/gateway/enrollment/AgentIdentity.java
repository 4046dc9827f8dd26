package dev.tidewatch.control.gateway.enrollment;

import java.math.BigInteger;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who an agent is, as its certificate says.
 *
 * @param tenant whose events it sends
 * @param agentId UUID as text
 * @param serial of the certificate
 * @param notAfter when the certificate expires
 */
public record AgentIdentity(String tenant, String agentId, BigInteger serial, Instant notAfter) {
  private static final int URI = 6;
  private static final Pattern NAME =
      Pattern.compile("tidewatch://tenant/([A-Za-z0-9][A-Za-z0-9._-]{0,63})/agent/([0-9a-f-]{36})");

  /** The URI that stands in the certificate's subject alternative names. */
  static String uri(String tenant, String agentId) {
    return "tidewatch://tenant/" + tenant + "/agent/" + agentId;
  }

  /** Empty for a certificate that names no agent. */
  static Optional<AgentIdentity> of(X509Certificate certificate) {
    try {
      @Nullable Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        if (name.get(0).equals(URI)) {
          Matcher matcher = NAME.matcher(String.valueOf(name.get(1)));
          if (matcher.matches()) {
            return Optional.of(
                new AgentIdentity(
                    matcher.group(1),
                    matcher.group(2),
                    certificate.getSerialNumber(),
                    certificate.getNotAfter().toInstant()));
          }
        }
      }
      return Optional.empty();
    } catch (CertificateParsingException e) {
      return Optional.empty();
    }
  }
}
