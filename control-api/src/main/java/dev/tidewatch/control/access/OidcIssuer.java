package dev.tidewatch.control.access;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import dev.tidewatch.control.access.OidcFailureException.Reason;
import dev.tidewatch.control.v1.Role;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The issuer: where to send browsers, and what a code that they bring back is worth. */
final class OidcIssuer {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final Duration KEY_LIFETIME = Duration.ofMinutes(5);
  private static final int LONGEST_DISPLAY_NAME = 200;

  private final OidcOptions options;
  private final Clock clock;
  private volatile @Nullable Known known;

  /** What the issuer says of itself, and its tokens' verifier. */
  private record Known(OIDCProviderMetadata metadata, TokenVerifier tokens) {}

  OidcIssuer(OidcOptions options, Clock clock) {
    this.options = options;
    this.clock = clock;
  }

  /** Asked once; an issuer that does not answer is asked again the next time. */
  private Known known() throws OidcFailureException {
    Known now = known;
    if (now == null) {
      try {
        OIDCProviderMetadata metadata =
            OIDCProviderMetadata.resolve(
                new Issuer(options.issuer()), PATIENCE_MILLIS, PATIENCE_MILLIS);
        TokenOptions tokens =
            new TokenOptions(
                metadata.getIssuer().getValue(),
                options.clientId(),
                metadata.getJWKSetURI(),
                options.tenantClaim(),
                options.rolesClaim(),
                KEY_LIFETIME);
        now = new Known(metadata, new TokenVerifier(tokens, clock));
        known = now;
      } catch (GeneralException | IOException e) {
        throw new OidcFailureException(
            Reason.ISSUER, "the issuer's configuration cannot be had: " + e.getMessage());
      }
    }
    return now;
  }

  /** Where a browser signs in. */
  URI authorization(OidcAttempt attempt) throws OidcFailureException {
    return new AuthenticationRequest.Builder(
            ResponseType.CODE,
            new Scope("openid", "profile"),
            new ClientID(options.clientId()),
            options.redirect())
        .endpointURI(known().metadata().getAuthorizationEndpointURI())
        .state(new State(attempt.state()))
        .nonce(new Nonce(attempt.nonce()))
        .codeChallenge(new CodeVerifier(attempt.verifier()), CodeChallengeMethod.S256)
        .build()
        .toURI();
  }

  /**
   * Redeems a code.
   *
   * @param attempt that the browser began
   */
  OidcUser redeem(String code, OidcAttempt attempt) throws OidcFailureException {
    Known issuer = known();
    String idToken = idToken(issuer, code, attempt);
    try {
      JWTClaimsSet claims = issuer.tokens().claims(idToken);
      if (!attempt.nonce().equals(claims.getStringClaim("nonce"))) {
        throw new OidcFailureException(Reason.TOKEN, "the ID token is of another sign-in");
      }
      String party = claims.getStringClaim("azp");
      if (party != null && !party.equals(options.clientId())) {
        throw new OidcFailureException(Reason.TOKEN, "the ID token was made for another client");
      }
      return user(claims);
    } catch (ParseException e) {
      throw new OidcFailureException(Reason.TOKEN, "the ID token's claims cannot be read");
    } catch (TokenVerifier.InvalidTokenException e) {
      throw new OidcFailureException(Reason.TOKEN, String.valueOf(e.getMessage()));
    }
  }

  private String idToken(Known issuer, String code, OidcAttempt attempt)
      throws OidcFailureException {
    try {
      HTTPRequest request = tokenRequest(issuer, code, attempt).toHTTPRequest();
      request.setConnectTimeout(PATIENCE_MILLIS);
      request.setReadTimeout(PATIENCE_MILLIS);
      request.setFollowRedirects(false);
      TokenResponse response = OIDCTokenResponseParser.parse(request.send());
      if (!(response instanceof OIDCTokenResponse success)) {
        throw new OidcFailureException(
            Reason.ISSUER,
            "the issuer refuses the code: "
                + response.toErrorResponse().getErrorObject().getCode());
      }
      OIDCTokens tokens = success.getOIDCTokens();
      return tokens.getIDTokenString();
    } catch (com.nimbusds.oauth2.sdk.ParseException | IOException e) {
      throw new OidcFailureException(
          Reason.ISSUER, "the issuer's answer to a code: " + e.getMessage());
    }
  }

  private TokenRequest tokenRequest(Known issuer, String code, OidcAttempt attempt) {
    URI endpoint = issuer.metadata().getTokenEndpointURI();
    ClientID client = new ClientID(options.clientId());
    AuthorizationCodeGrant grant =
        new AuthorizationCodeGrant(
            new AuthorizationCode(code), options.redirect(), new CodeVerifier(attempt.verifier()));
    return options
        .clientSecret()
        .map(
            secret ->
                new TokenRequest.Builder(
                        endpoint, new ClientSecretBasic(client, new Secret(secret)), grant)
                    .build())
        .orElseGet(() -> new TokenRequest.Builder(endpoint, client, grant).build());
  }

  private OidcUser user(JWTClaimsSet claims) throws ParseException {
    List<String> roles = claims.getStringListClaim(options.rolesClaim());
    String name = claims.getStringClaim("name");
    String shown = name == null || name.isBlank() ? claims.getSubject() : name;
    Optional<Set<Role>> told = Optional.ofNullable(roles).map(Accounts::roles);
    return new OidcUser(
        claims.getStringClaim(options.tenantClaim()),
        claims.getSubject(),
        shown.replace('\0', ' ').substring(0, Math.min(shown.length(), LONGEST_DISPLAY_NAME)),
        told);
  }
}
