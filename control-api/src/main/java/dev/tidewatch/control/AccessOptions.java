package dev.tidewatch.control;

import dev.tidewatch.control.access.OidcOptions;
import dev.tidewatch.control.access.TokenOptions;
import dev.tidewatch.control.database.DatabaseOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** {@code control.authentication}: who is let in. */
public sealed interface AccessOptions {
  /**
   * {@code open}: everyone who reaches the port is an operator. For tests, and only on loopback;
   * there is no control database, hence no tenants, users, audit or triage.
   */
  record Open() implements AccessOptions {}

  /**
   * {@code required}: callers prove who they are.
   *
   * @param database where control state is
   * @param signingKey {@code control.audit.signing-key}: file with the Ed25519 key for audit logs
   *     and certificates; made where it is missing
   * @param tokens {@code control.oidc.*}: whose JSON web tokens are taken; empty for nobody's
   * @param sessionLifetime {@code control.session-lifetime}: of a browser's session, 1 min to 30
   *     days; default 12 h
   * @param requestsPerSecond {@code control.rate-limit}: of one caller in the long run, twice as
   *     many at once; default 500
   * @param signIn {@code control.oidc.sign-in.*}: where the console's users sign in besides here;
   *     empty for nowhere
   */
  record Required(
      DatabaseOptions database,
      Path signingKey,
      Optional<TokenOptions> tokens,
      Duration sessionLifetime,
      int requestsPerSecond,
      Optional<OidcOptions> signIn)
      implements AccessOptions {
    public Required {
      if (sessionLifetime.compareTo(Duration.ofMinutes(1)) < 0
          || sessionLifetime.compareTo(Duration.ofDays(30)) > 0) {
        throw new IllegalArgumentException(
            "control.session-lifetime: must be from 1 min to 30 days");
      }
      if (requestsPerSecond < 1) {
        throw new IllegalArgumentException("control.rate-limit: must be positive");
      }
    }

    public Required withTokens(TokenOptions issuer) {
      return new Required(
          database, signingKey, Optional.of(issuer), sessionLifetime, requestsPerSecond, signIn);
    }

    public Required withSignIn(OidcOptions issuer) {
      return new Required(
          database, signingKey, tokens, sessionLifetime, requestsPerSecond, Optional.of(issuer));
    }

    public Required withRequestsPerSecond(int rate) {
      return new Required(database, signingKey, tokens, sessionLifetime, rate, signIn);
    }
  }

  static AccessOptions open() {
    return new Open();
  }

  static Required required(DatabaseOptions database, Path signingKey) {
    return new Required(
        database, signingKey, Optional.empty(), Duration.ofHours(12), 500, Optional.empty());
  }
}
