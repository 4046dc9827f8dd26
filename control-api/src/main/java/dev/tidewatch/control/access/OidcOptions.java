package dev.tidewatch.control.access;

import java.net.URI;
import java.util.Optional;

/**
 * Sign-in of the console at an OpenID Connect issuer: authorization code flow with PKCE.
 *
 * @param name {@code control.oidc.sign-in.name}: of the issuer, on the console's button
 * @param issuer {@code control.oidc.sign-in.issuer}: its URL; its endpoints are found at {@code
 *     /.well-known/openid-configuration} under it
 * @param clientId {@code control.oidc.sign-in.client-id}: ours at the issuer; what {@code aud} of
 *     ID tokens must be
 * @param clientSecret {@code control.oidc.sign-in.client-secret}: empty for a public client
 * @param redirect {@code control.oidc.sign-in.redirect}: this server's {@code
 *     /v1/session/oidc/callback}, as browsers reach it and the issuer knows it
 * @param tenantClaim {@code control.oidc.tenant-claim}: default {@code tidewatch_tenant}
 * @param rolesClaim {@code control.oidc.roles-claim}: default {@code tidewatch_roles}; where a
 *     token has none, the roles count that the user was given here
 */
public record OidcOptions(
    String name,
    URI issuer,
    String clientId,
    Optional<String> clientSecret,
    URI redirect,
    String tenantClaim,
    String rolesClaim) {
  /** Where the issuer sends browsers back to. */
  public static final String CALLBACK = "/v1/session/oidc/callback";

  public OidcOptions {
    if (name.isBlank() || clientId.isBlank()) {
      throw new IllegalArgumentException(
          "control.oidc.sign-in: name and client-id must not be blank");
    }
    if (!isSafe(issuer)) {
      throw new IllegalArgumentException(
          "control.oidc.sign-in.issuer: must be https://, or http:// on loopback");
    }
    if (!isSafe(redirect) || !CALLBACK.equals(redirect.getPath())) {
      throw new IllegalArgumentException(
          "control.oidc.sign-in.redirect: must be https://, or http:// on loopback, and end with "
              + CALLBACK);
    }
  }

  public static OidcOptions of(
      String name, URI issuer, String clientId, Optional<String> clientSecret, URI redirect) {
    return new OidcOptions(
        name, issuer, clientId, clientSecret, redirect, "tidewatch_tenant", "tidewatch_roles");
  }

  private static boolean isSafe(URI uri) {
    String host = String.valueOf(uri.getHost());
    boolean loopback = host.equals("127.0.0.1") || host.equals("localhost") || host.equals("[::1]");
    return "https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && loopback);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return name + " at " + issuer + " as " + clientId;
  }
}
