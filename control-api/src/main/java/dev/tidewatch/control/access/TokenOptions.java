package dev.tidewatch.control.access;

import java.net.URI;
import java.time.Duration;

/**
 * JSON web tokens of an OpenID Connect issuer. Only RS256 and ES256 are taken.
 *
 * @param issuer {@code control.oidc.issuer}: what {@code iss} must be
 * @param audience {@code control.oidc.audience}: what {@code aud} must hold
 * @param keys {@code control.oidc.jwks}: URL of the issuer's key set
 * @param tenantClaim {@code control.oidc.tenant-claim}: the claim that names the tenant; default
 *     {@code tidewatch_tenant}
 * @param rolesClaim {@code control.oidc.roles-claim}: the claim with the list of roles; default
 *     {@code tidewatch_roles}
 * @param keyLifetime {@code control.oidc.jwks-lifetime}: after this keys are fetched again; an
 *     unknown key id fetches them at once; default 5 min
 */
public record TokenOptions(
    String issuer,
    String audience,
    URI keys,
    String tenantClaim,
    String rolesClaim,
    Duration keyLifetime) {
  public static TokenOptions of(String issuer, String audience, URI keys) {
    return new TokenOptions(
        issuer, audience, keys, "tidewatch_tenant", "tidewatch_roles", Duration.ofMinutes(5));
  }
}
