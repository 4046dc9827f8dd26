package dev.tidewatch.control.access;

import dev.tidewatch.control.v1.Role;
import java.util.Optional;
import java.util.Set;

/**
 * Whom an OpenID Connect issuer vouches for.
 *
 * @param subject the issuer's own name for the user
 * @param displayName for people
 * @param roles empty when the issuer tells of none: then those count that were given here
 */
record OidcUser(String tenant, String subject, String displayName, Optional<Set<Role>> roles) {
  private static final int LONGEST_NAME = 200;

  OidcUser {
    roles = roles.map(Set::copyOf);
  }

  /** A name that no user who signs in here can have: theirs have no colon. */
  String name() {
    String name = "oidc:" + subject;
    return name.length() <= LONGEST_NAME
        ? name
        : "oidc:"
            + Secrets.base64(
                Secrets.sha256(subject.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }
}
