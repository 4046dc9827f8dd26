package dev.tidewatch.control.access;

import static dev.tidewatch.control.v1.Permission.*;

import dev.tidewatch.control.v1.Permission;
import dev.tidewatch.control.v1.Role;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The permission table: what each role may do.
 *
 * <p>Nobody but an admin has everything; who asks for a response (responder) is not who approves it
 * (approver). What only operators may is not in any role of a tenant.
 */
public final class Roles {
  /** Of the installation, not of a tenant. */
  private static final Set<Permission> OPERATORS_ONLY = EnumSet.of(PERMISSION_TENANTS_MANAGE);

  private static final Map<Role, Set<Permission>> TABLE = new EnumMap<>(Role.class);

  static {
    Set<Permission> look =
        EnumSet.of(
            PERMISSION_SELF,
            PERMISSION_ALERTS_READ,
            PERMISSION_EVENTS_READ,
            PERMISSION_RULES_READ,
            PERMISSION_PIPELINE_READ,
            PERMISSION_AGENTS_READ,
            PERMISSION_TENANT_READ);
    TABLE.put(Role.ROLE_VIEWER, look);
    TABLE.put(Role.ROLE_ANALYST, with(look, PERMISSION_ALERTS_TRIAGE));
    TABLE.put(
        Role.ROLE_ENGINEER,
        with(
            look,
            PERMISSION_ALERTS_TRIAGE,
            PERMISSION_RULES_WRITE,
            PERMISSION_RULES_DEPLOY,
            PERMISSION_TELEMETRY_SEND,
            PERMISSION_AGENTS_MANAGE));
    TABLE.put(
        Role.ROLE_RESPONDER, with(look, PERMISSION_ALERTS_TRIAGE, PERMISSION_RESPONSE_REQUEST));
    TABLE.put(Role.ROLE_APPROVER, with(look, PERMISSION_RESPONSE_APPROVE));
    TABLE.put(
        Role.ROLE_BILLING,
        EnumSet.of(PERMISSION_SELF, PERMISSION_TENANT_READ, PERMISSION_USAGE_READ));
    Set<Permission> everything = EnumSet.allOf(Permission.class);
    everything.remove(PERMISSION_UNSPECIFIED);
    everything.remove(UNRECOGNIZED);
    TABLE.put(Role.ROLE_ADMIN, everything);
  }

  private Roles() {}

  private static Set<Permission> with(Set<Permission> some, Permission... more) {
    Set<Permission> all = EnumSet.copyOf(some);
    all.addAll(Set.of(more));
    return all;
  }

  /** What {@code roles} together allow; a new set. */
  static Set<Permission> permissions(Set<Role> roles, boolean operator) {
    Set<Permission> all = EnumSet.noneOf(Permission.class);
    roles.forEach(role -> all.addAll(TABLE.getOrDefault(role, Set.of())));
    if (!operator) {
      all.removeAll(OPERATORS_ONLY);
    }
    return all;
  }

  /** Whether {@code roles} allow nothing that {@code giver} may not do itself. */
  public static boolean within(Principal giver, Collection<Role> roles) {
    return giver.permissions().containsAll(permissions(Set.copyOf(roles), giver.isOperator()));
  }

  /** {@code viewer} for {@code ROLE_VIEWER}, as the database has it. */
  public static String name(Role role) {
    return role.name().substring("ROLE_".length()).toLowerCase(Locale.ROOT);
  }

  /** The role of that name, if there is one. */
  public static Optional<Role> byName(String name) {
    return TABLE.keySet().stream().filter(role -> name(role).equals(name)).findFirst();
  }

  /** {@code alerts_read} for {@code PERMISSION_ALERTS_READ}, as the database has it. */
  public static String name(Permission permission) {
    return permission.name().substring("PERMISSION_".length()).toLowerCase(Locale.ROOT);
  }

  /** The permission of that name; one that no longer exists allows nothing. */
  public static Permission permission(String name) {
    for (Permission permission : Permission.values()) {
      if (permission != UNRECOGNIZED && name(permission).equals(name)) {
        return permission;
      }
    }
    return PERMISSION_UNSPECIFIED;
  }
}
