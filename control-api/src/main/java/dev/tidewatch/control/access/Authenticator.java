package dev.tidewatch.control.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * Turns credentials into identities. What was found is remembered for a few seconds, so that a busy
 * caller is not looked up for each call; a change of users or keys by this server is in force at
 * once, one by another server within {@link #REMEMBERED}.
 */
public final class Authenticator {
  static final Duration REMEMBERED = Duration.ofSeconds(5);

  private final Accounts accounts;
  private final @Nullable TokenVerifier tokens;
  private final Cache<Credentials, Identity> remembered =
      Caffeine.newBuilder().expireAfterWrite(REMEMBERED).maximumSize(10_000).build();

  public Authenticator(Accounts accounts, Optional<TokenOptions> tokens, java.time.Clock clock) {
    this.accounts = accounts;
    this.tokens = tokens.map(options -> new TokenVerifier(options, clock)).orElse(null);
  }

  /** Users, roles or keys have changed. */
  public void forget() {
    remembered.invalidateAll();
  }

  /** What is known without asking anybody, if anything. */
  @Nullable Identity known(Credentials credentials) {
    if (credentials instanceof Credentials.None) {
      return Identity.ANONYMOUS;
    }
    return credentials instanceof Credentials.Unusable unusable
        ? new Identity.Unknown(unusable.reason())
        : remembered.getIfPresent(credentials);
  }

  /** Whose the credentials are; blocks when that is not remembered. */
  Identity now(Credentials credentials) {
    Identity known = known(credentials);
    return known == null ? identify(credentials) : known;
  }

  /** Looks the credentials up; blocks. */
  Identity identify(Credentials credentials) {
    Identity identity = lookUp(credentials);
    if (identity instanceof Principal) {
      remembered.put(credentials, identity);
    }
    return identity;
  }

  private Identity lookUp(Credentials credentials) {
    if (credentials instanceof Credentials.Bearer bearer) {
      return bearer(bearer.token());
    }
    if (credentials instanceof Credentials.SessionCookie cookie) {
      return accounts
          .session(cookie.token())
          .<Identity>map(principal -> principal)
          .orElse(new Identity.Unknown("the session has ended; sign in again"));
    }
    if (credentials instanceof Credentials.ClientCertificate certificate) {
      return certificate(certificate.certificate());
    }
    return credentials instanceof Credentials.Unusable unusable
        ? new Identity.Unknown(unusable.reason())
        : Identity.ANONYMOUS;
  }

  private Identity bearer(String token) {
    if (token.startsWith(Secrets.KEY_PREFIX)) {
      return accounts.apiKey(token);
    }
    return tokens == null
        ? new Identity.Unknown("not an API key, and no issuer of tokens is configured")
        : tokens.verify(token);
  }

  private Identity certificate(X509Certificate certificate) {
    try {
      return organisation(certificate)
          .<Identity>map(tenant -> accounts.certificate(tenant, encoded(certificate)))
          .orElse(new Identity.Unknown("the certificate's subject names no organisation"));
    } catch (InvalidNameException e) {
      return new Identity.Unknown("the certificate's subject cannot be read");
    }
  }

  /** The tenant: O of the subject. */
  public static Optional<String> organisation(X509Certificate certificate)
      throws InvalidNameException {
    return new LdapName(certificate.getSubjectX500Principal().getName())
        .getRdns().stream()
            .filter(rdn -> rdn.getType().equalsIgnoreCase("O"))
            .map(Rdn::getValue)
            .map(String::valueOf)
            .findFirst();
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that TLS took encodes", e);
    }
  }
}
