package dev.tidewatch.control.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.net.MalformedURLException;
import java.text.ParseException;
import java.time.Clock;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JSON web tokens of the configured issuer. The algorithm is one of ours, never what the token
 * says; keys come from the issuer's key set, which is fetched anew when a token names an unknown
 * one.
 */
final class TokenVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);
  private static final int LARGEST_KEY_SET = 256 << 10;
  private static final int PATIENCE_MILLIS = 2_000;
  private static final long LEAST_BETWEEN_FETCHES_MILLIS = 1_000;
  private static final int CLOCK_SKEW_SECONDS = 30;

  private final TokenOptions options;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  TokenVerifier(TokenOptions options, Clock clock) {
    this.options = options;
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256), keys(options)));
    processor.setJWTClaimsSetVerifier(claims(options, clock));
  }

  private static DefaultJWTClaimsVerifier<SecurityContext> claims(
      TokenOptions options, Clock clock) {
    DefaultJWTClaimsVerifier<SecurityContext> verifier =
        new DefaultJWTClaimsVerifier<>(
            new HashSet<>(Set.of(options.audience())), // asked whether it has null
            new JWTClaimsSet.Builder().issuer(options.issuer()).build(),
            Set.of("sub", "exp", options.tenantClaim()),
            Set.of()) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    verifier.setMaxClockSkew(CLOCK_SKEW_SECONDS);
    return verifier;
  }

  private static JWKSource<SecurityContext> keys(TokenOptions options) {
    try {
      return JWKSourceBuilder.create(
              options.keys().toURL(),
              new com.nimbusds.jose.util.DefaultResourceRetriever(
                  PATIENCE_MILLIS, PATIENCE_MILLIS, LARGEST_KEY_SET))
          .cache(options.keyLifetime().toMillis(), PATIENCE_MILLIS * 2L)
          .rateLimited(LEAST_BETWEEN_FETCHES_MILLIS)
          .refreshAheadCache(false)
          .retrying(true)
          .build();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("control.oidc.jwks: " + e.getMessage(), e);
    }
  }

  /** A token that is not to be believed, or cannot be checked now. */
  static final class InvalidTokenException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidTokenException(String message) {
      super(message);
    }
  }

  Identity verify(String token) {
    try {
      JWTClaimsSet claims = claims(token);
      List<String> roles =
          Optional.ofNullable(claims.getStringListClaim(options.rolesClaim())).orElse(List.of());
      return Principal.of(
          "token",
          claims.getSubject(),
          claims.getStringClaim(options.tenantClaim()),
          Accounts.roles(roles),
          Set.of(),
          Optional.of(claims.getExpirationTime().toInstant()));
    } catch (InvalidTokenException e) {
      return new Identity.Unknown(String.valueOf(e.getMessage()));
    } catch (ParseException e) {
      return new Identity.Unknown("the token is not valid: " + reason(e));
    }
  }

  /** What a token says, when its signature, issuer, audience and time hold. */
  JWTClaimsSet claims(String token) throws InvalidTokenException {
    try {
      return processor.process(token, null);
    } catch (KeySourceException e) {
      LOG.warn("the issuer's keys cannot be had from {}: {}", options.keys(), e.getMessage());
      throw new InvalidTokenException("the issuer's keys cannot be had now");
    } catch (ParseException | BadJOSEException | JOSEException e) {
      throw new InvalidTokenException("the token is not valid: " + reason(e));
    }
  }

  /** One line; the token's content stays out of it. */
  private static String reason(Exception failure) {
    String message = String.valueOf(failure.getMessage());
    return failure instanceof ParseException
        ? "it cannot be read"
        : message.lines().findFirst().orElse("");
  }
}
