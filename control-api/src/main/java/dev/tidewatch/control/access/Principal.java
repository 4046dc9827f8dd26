package dev.tidewatch.control.access;

import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.v1.Permission;
import dev.tidewatch.control.v1.Role;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A caller that has proved who it is.
 *
 * @param actor as audit records name it: {@code user:alice@acme}, {@code key:ci@acme}
 * @param tenant its home; the home of operators is {@code system}
 * @param roles what it was given
 * @param permissions what it may do: those of its roles, within the scopes of its credential
 * @param expires when its credential ends
 */
public record Principal(
    String actor,
    String tenant,
    Set<Role> roles,
    Set<Permission> permissions,
    Optional<Instant> expires)
    implements Identity {
  public Principal {
    roles = Set.copyOf(roles);
    permissions = Set.copyOf(permissions);
  }

  /**
   * @param scopes permissions that the credential is limited to; empty for none
   */
  public static Principal of(
      String kind,
      String name,
      String tenant,
      Set<Role> roles,
      Set<Permission> scopes,
      Optional<Instant> expires) {
    Set<Permission> permissions = Roles.permissions(roles, tenant.equals(ControlDatabase.SYSTEM));
    if (!scopes.isEmpty()) {
      permissions.retainAll(scopes);
      permissions.add(Permission.PERMISSION_SELF);
    }
    return new Principal(kind + ":" + name + "@" + tenant, tenant, roles, permissions, expires);
  }

  /** Operators may act in every tenant. */
  public boolean isOperator() {
    return tenant.equals(ControlDatabase.SYSTEM);
  }

  public boolean mayEnter(String otherTenant) {
    return isOperator() || tenant.equals(otherTenant);
  }

  public boolean may(Permission permission) {
    return permissions.contains(permission);
  }
}
