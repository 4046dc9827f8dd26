package dev.tidewatch.control.access;

import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.v1.Role;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Rows of users whom an issuer vouches for. */
record OidcUsers(TenantTransaction transaction, AccountLog log, Clock clock) {
  /** The user's id; made where there is none, brought up to date where it is. */
  UUID userOf(OidcUser user) {
    Optional<UUID> known =
        transaction
            .query(
                "SELECT user_id FROM users WHERE tenant_id = :tenant AND name = :name AND origin = 'oidc'")
            .bind("name", user.name())
            .mapTo(UUID.class)
            .findOne();
    UUID id = known.orElseGet(() -> create(user));
    user.roles().ifPresent(roles -> setRoles(id, user, roles));
    return id;
  }

  private UUID create(OidcUser user) {
    UUID id = UUID.randomUUID();
    // Two first sign-ins at once: one makes the row, both find it.
    transaction
        .update(
            """
            INSERT INTO users (tenant_id, user_id, name, display_name, password_hash, origin, created_at)
            VALUES (:tenant, :id, :name, :display, '-', 'oidc', :now)
            ON CONFLICT (tenant_id, name) DO NOTHING
            """)
        .bind("id", id)
        .bind("name", user.name())
        .bind("display", user.displayName())
        .bind("now", clock.instant())
        .execute();
    tell(user, Map.of("created", "by sign-in at the issuer"));
    return transaction
        .query("SELECT user_id FROM users WHERE tenant_id = :tenant AND name = :name")
        .bind("name", user.name())
        .mapTo(UUID.class)
        .one();
  }

  private void setRoles(UUID id, OidcUser user, Set<Role> roles) {
    Set<String> wanted = roles.stream().map(Roles::name).collect(Collectors.toSet());
    Set<String> has =
        transaction
            .query("SELECT role FROM user_roles WHERE tenant_id = :tenant AND user_id = :id")
            .bind("id", id)
            .mapTo(String.class)
            .set();
    if (wanted.equals(has)) {
      return;
    }
    transaction
        .update("DELETE FROM user_roles WHERE tenant_id = :tenant AND user_id = :id")
        .bind("id", id)
        .execute();
    for (String role : wanted) {
      transaction
          .update("INSERT INTO user_roles (tenant_id, user_id, role) VALUES (:tenant, :id, :role)")
          .bind("id", id)
          .bind("role", role)
          .execute();
    }
    tell(user, Map.of("roles", wanted.stream().sorted().collect(Collectors.joining(" "))));
  }

  private void tell(OidcUser user, Map<String, String> what) {
    String actor = "user:" + user.name() + "@" + transaction.tenant();
    log.changed(transaction, actor, user.name(), what);
  }
}
