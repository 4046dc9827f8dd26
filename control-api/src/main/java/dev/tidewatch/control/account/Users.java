package dev.tidewatch.control.account;

import dev.tidewatch.control.access.PasswordPolicy;
import dev.tidewatch.control.access.Passwords;
import dev.tidewatch.control.access.Principal;
import dev.tidewatch.control.access.Roles;
import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.change.Conflicts;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.tenant.TenantQuota;
import dev.tidewatch.control.v1.CreateUserRequest;
import dev.tidewatch.control.v1.DeleteUserRequest;
import dev.tidewatch.control.v1.DeleteUserResponse;
import dev.tidewatch.control.v1.ResetPasswordRequest;
import dev.tidewatch.control.v1.ResetPasswordResponse;
import dev.tidewatch.control.v1.Role;
import dev.tidewatch.control.v1.UpdateUserRequest;
import dev.tidewatch.control.v1.User;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** Users of a tenant. */
final class Users {
  /** No {@code @}: it separates the name from the tenant at sign-in. */
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._+-]{0,99}");

  private static final Set<String> FIELDS = Set.of("display_name", "roles", "disabled", "password");
  private static final int LONGEST_DISPLAY_NAME = 200;
  private static final Duration ONE_TIME = Duration.ofDays(1);

  private static final String SELECT =
      """
      SELECT user_id, name, display_name, disabled, created_at, origin = 'oidc', must_change,
        ARRAY(SELECT role FROM user_roles r WHERE r.tenant_id = u.tenant_id AND r.user_id = u.user_id ORDER BY role)
      FROM users u WHERE tenant_id = :tenant
      """;

  static void check(CreateUserRequest request) {
    FieldChecks checks =
        new FieldChecks()
            .tenant(request.getTenantId())
            .require(
                NAME.matcher(request.getName()).matches(),
                "name",
                "must be 1 to 100 letters, digits or . _ + - and start with a letter or digit")
            .text("display_name", request.getDisplayName(), LONGEST_DISPLAY_NAME);
    Grants.check(checks, request.getRolesList());
    PasswordPolicy.check(checks, "password", request.getPassword(), request.getName()).done();
  }

  static void check(UpdateUserRequest request) {
    List<String> mask = request.getUpdateMask().getPathsList();
    FieldChecks checks =
        new FieldChecks()
            .tenant(request.getTenantId())
            .uuid("user_id", request.getUserId())
            .require(
                !mask.isEmpty() && FIELDS.containsAll(mask),
                "update_mask",
                "must name some of display_name, roles, disabled, password");
    if (mask.contains("display_name")) {
      checks.text("display_name", request.getDisplayName(), LONGEST_DISPLAY_NAME);
    }
    if (mask.contains("roles")) {
      Grants.check(checks, request.getRolesList());
    }
    if (mask.contains("password")) {
      PasswordPolicy.check(checks, "password", request.getPassword(), "");
    }
    checks.done();
  }

  /** Slow on purpose: before the transaction begins. */
  static String passwordHash(String password) {
    return Passwords.hash(password);
  }

  User create(Change change, CreateUserRequest request, String passwordHash) {
    Grants.requireWithin(change.principal(), request.getRolesList());
    TenantQuota.require(change.transaction(), TenantQuota.USERS);
    UUID id = UUID.randomUUID();
    change.about("user", request.getName());
    change.detail().put("userId", id.toString()).put("roles", names(request.getRolesList()));
    Conflicts.named(
        "a user with the name " + request.getName() + " exists",
        () ->
            change
                .transaction()
                .update(
                    """
                    INSERT INTO users
                      (tenant_id, user_id, name, display_name, password_hash, must_change, created_at)
                    VALUES (:tenant, :id, :name, :display, :hash, :change, :now)
                    """)
                .bind("change", request.getMustChangePassword())
                .bind("id", id)
                .bind("name", request.getName())
                .bind("display", request.getDisplayName())
                .bind("hash", passwordHash)
                .bind("now", change.at())
                .execute());
    setRoles(change.transaction(), id, request.getRolesList());
    return get(change.transaction(), id);
  }

  User update(Change change, UpdateUserRequest request) {
    UUID id = FieldChecks.uuid(request.getUserId());
    User before = get(change.transaction(), id);
    // Who may less than a user does not take its account over.
    Grants.requireWithin(change.principal(), before.getRolesList());
    change.about("user", before.getName());
    if (request.getUpdateMask().getPathsList().contains("password")) {
      requirePassword(before);
      requireAnother(change.principal(), before);
    }
    for (String field : Set.copyOf(request.getUpdateMask().getPathsList())) {
      set(change, id, field, request);
    }
    if (request.getUpdateMask().getPathsList().contains("password") || request.getDisabled()) {
      endSessions(change.transaction(), id);
    }
    return get(change.transaction(), id);
  }

  private static void endSessions(TenantTransaction transaction, UUID id) {
    transaction
        .update("DELETE FROM sessions WHERE tenant_id = :tenant AND user_id = :id")
        .bind("id", id)
        .execute();
  }

  private static void requirePassword(User user) {
    if (user.getSingleSignOn()) {
      throw Failures.precondition(
          "SINGLE_SIGN_ON", "the user signs in at the issuer and has no password here");
    }
  }

  /** Whoever holds a session of a user must not lock the user out with it. */
  private static void requireAnother(Principal caller, User user) {
    if (caller.actor().equals("user:" + user.getName() + "@" + user.getTenantId())) {
      throw Failures.precondition(
          "OWN_PASSWORD", "one's own password is changed by ChangePassword, with the old one");
    }
  }

  /**
   * A one-time password.
   *
   * @param hash of {@code password}
   */
  ResetPasswordResponse reset(
      Change change, ResetPasswordRequest request, String password, String hash) {
    UUID id = FieldChecks.uuid(request.getUserId());
    User before = get(change.transaction(), id);
    Grants.requireWithin(change.principal(), before.getRolesList());
    requirePassword(before);
    requireAnother(change.principal(), before);
    Instant until = change.at().plus(ONE_TIME);
    change.about("user", before.getName());
    change.detail().put("password", "reset");
    change
        .transaction()
        .update(
            """
            UPDATE users SET password_hash = :hash, must_change = true, password_until = :until
            WHERE tenant_id = :tenant AND user_id = :id
            """)
        .bind("hash", hash)
        .bind("until", until)
        .bind("id", id)
        .execute();
    endSessions(change.transaction(), id);
    return ResetPasswordResponse.newBuilder()
        .setUser(get(change.transaction(), id))
        .setPassword(password)
        .setExpiresMs(until.toEpochMilli())
        .build();
  }

  private static void set(Change change, UUID id, String field, UpdateUserRequest request) {
    switch (field) {
      case "roles" -> {
        Grants.requireWithin(change.principal(), request.getRolesList());
        change.detail().put("roles", names(request.getRolesList()));
        setRoles(change.transaction(), id, request.getRolesList());
      }
      case "display_name" -> {
        change.detail().put("displayName", request.getDisplayName());
        set(change, id, "display_name", request.getDisplayName());
      }
      case "disabled" -> {
        change.detail().put("disabled", request.getDisabled());
        set(change, id, "disabled", request.getDisabled());
      }
      default -> {
        change.detail().put("password", "changed");
        set(change, id, "password_hash", Passwords.hash(request.getPassword()));
        set(change, id, "must_change", true);
        change
            .transaction()
            .update(
                "UPDATE users SET password_until = NULL WHERE tenant_id = :tenant AND user_id = :id")
            .bind("id", id)
            .execute();
      }
    }
  }

  /**
   * @param column a name of ours, never a caller's
   */
  private static void set(Change change, UUID id, String column, Object value) {
    change
        .transaction()
        .update(
            "UPDATE users SET " + column + " = :value WHERE tenant_id = :tenant AND user_id = :id")
        .bind("value", value)
        .bind("id", id)
        .execute();
  }

  private static void setRoles(TenantTransaction transaction, UUID id, Collection<Role> roles) {
    transaction
        .update("DELETE FROM user_roles WHERE tenant_id = :tenant AND user_id = :id")
        .bind("id", id)
        .execute();
    transaction
        .update(
            """
            INSERT INTO user_roles (tenant_id, user_id, role)
            SELECT :tenant, :id, unnest(:roles)
            """)
        .bind("id", id)
        .bindArray("roles", String.class, (Object[]) Grants.names(roles))
        .execute();
  }

  DeleteUserResponse delete(Change change, DeleteUserRequest request) {
    UUID id = FieldChecks.uuid(request.getUserId());
    User before = get(change.transaction(), id);
    Grants.requireWithin(change.principal(), before.getRolesList());
    change.about("user", before.getName());
    change
        .transaction()
        .update("DELETE FROM users WHERE tenant_id = :tenant AND user_id = :id")
        .bind("id", id)
        .execute();
    return DeleteUserResponse.getDefaultInstance();
  }

  List<User> page(TenantTransaction transaction, String after, int limit) {
    return transaction
        .query(SELECT + " AND name > :after ORDER BY name LIMIT :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, context) -> user(transaction.tenant(), row))
        .list();
  }

  private static User get(TenantTransaction transaction, UUID id) {
    return transaction
        .query(SELECT + " AND user_id = :id")
        .bind("id", id)
        .map((row, context) -> user(transaction.tenant(), row))
        .findOne()
        .orElseThrow(() -> Failures.notFound("no such user"));
  }

  private static User user(String tenant, ResultSet row) throws SQLException {
    User.Builder user =
        User.newBuilder()
            .setTenantId(tenant)
            .setUserId(row.getString(1))
            .setName(row.getString(2))
            .setDisplayName(row.getString(3))
            .setDisabled(row.getBoolean(4))
            .setCreatedMs(row.getTimestamp(5).getTime())
            .setSingleSignOn(row.getBoolean(6))
            .setMustChangePassword(row.getBoolean(7));
    for (String role : (String[]) row.getArray(8).getArray()) {
      Roles.byName(role).ifPresent(user::addRoles);
    }
    return user.build();
  }

  private static String names(Collection<Role> roles) {
    return String.join(" ", Grants.names(roles));
  }
}
