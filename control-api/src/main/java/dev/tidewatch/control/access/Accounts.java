package dev.tidewatch.control.access;

import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.Permission;
import dev.tidewatch.control.v1.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Users, sessions and API keys, as credentials are held against them. */
public final class Accounts {
  /** A session's cookie and when it ends. */
  public record Session(String token, Principal principal) {}

  /** What became of a sign-in. */
  public sealed interface SignIn {
    /** It succeeded. */
    record Done(Session session) implements SignIn {}

    /** The password is right, and good for nothing but to be changed. */
    record MustChange() implements SignIn {}

    /** It failed: why is not told. */
    record Refused() implements SignIn {}
  }

  private record Account(
      UUID id, String name, String passwordHash, boolean mustChange, @Nullable Instant until) {}

  private static final String ROLES =
      "ARRAY(SELECT role FROM user_roles r WHERE r.tenant_id = u.tenant_id AND r.user_id = u.user_id)";

  private final ControlDatabase database;
  private final Duration sessionLifetime;
  private final AccountLog log;
  private final Clock clock;

  /**
   * @param log is told of changes that a sign-in makes
   */
  public Accounts(ControlDatabase database, Duration sessionLifetime, AccountLog log, Clock clock) {
    this.database = database;
    this.sessionLifetime = sessionLifetime;
    this.log = log;
    this.clock = clock;
  }

  /**
   * Begins a session.
   *
   * @param login {@code name@tenant}; without a tenant the user is an operator
   * @param newPassword instead of {@code password} from now on; empty keeps it
   * @return refused when there is no such user, the password is another or the user is disabled:
   *     which of them is not told
   */
  public SignIn signIn(String login, String password, String newPassword) {
    int at = login.lastIndexOf('@');
    String tenant = at < 0 ? ControlDatabase.SYSTEM : login.substring(at + 1);
    String name = at < 0 ? login : login.substring(0, at);
    if (login.indexOf('\0') >= 0) {
      return new SignIn.Refused();
    }
    Optional<Account> account = account(tenant, name, password);
    if (account.isEmpty()) {
      return new SignIn.Refused();
    }
    if (newPassword.isEmpty()) {
      return account.get().mustChange()
          ? new SignIn.MustChange()
          : new SignIn.Done(database.inTenant(tenant, tx -> begin(tx, account.get().id())));
    }
    requireNew(name, password, "newPassword", newPassword);
    String hash = Passwords.hash(newPassword);
    return new SignIn.Done(
        database.inTenant(
            tenant,
            tx -> {
              setPassword(tx, name, hash, "");
              String actor = "user:" + name + "@" + tenant;
              log.changed(tx, actor, name, Map.of("password", "changed"));
              return begin(tx, account.get().id());
            }));
  }

  /** A password that is to take the place of another. */
  public static void requireNew(String name, String old, String field, String password) {
    PasswordPolicy.check(new FieldChecks(), field, password, name)
        .require(!password.equals(old), field, "must be another than before")
        .done();
  }

  /** Whether it is the password of a user that signs in here. */
  public boolean isPassword(String tenant, String name, String password) {
    return account(tenant, name, password).isPresent();
  }

  /** The account, when the password is right and has not ended. */
  private Optional<Account> account(String tenant, String name, String password) {
    if (password.length() > Passwords.LONGEST) {
      return Optional.empty();
    }
    Optional<Account> account = database.inTenant(tenant, tx -> account(tx, name));
    // Hashing is slow on purpose: no connection waits for it.
    if (account.isEmpty()) {
      Passwords.matchesNobody(password);
      return Optional.empty();
    }
    boolean matches = Passwords.matches(password, account.get().passwordHash());
    Instant until = account.get().until();
    return matches && (until == null || until.isAfter(clock.instant()))
        ? account
        : Optional.empty();
  }

  private static Optional<Account> account(TenantTransaction transaction, String name) {
    return transaction
        .query(
            """
            SELECT user_id, name, password_hash, must_change, password_until FROM users
            WHERE tenant_id = :tenant AND name = :name AND NOT disabled AND origin = 'local'
            """)
        .bind("name", name)
        .map(
            (row, context) ->
                new Account(
                    row.getObject(1, UUID.class),
                    row.getString(2),
                    row.getString(3),
                    row.getBoolean(4),
                    instant(row.getTimestamp(5))))
        .findOne();
  }

  private static @Nullable Instant instant(@Nullable Timestamp time) {
    return time == null ? null : time.toInstant();
  }

  /**
   * Sets a password that its user has chosen, and ends the user's sessions.
   *
   * @param kept token of the session that goes on; empty for none
   */
  public void setPassword(TenantTransaction transaction, String name, String hash, String kept) {
    transaction
        .update(
            """
            UPDATE users SET password_hash = :hash, must_change = false, password_until = NULL
            WHERE tenant_id = :tenant AND name = :name
            """)
        .bind("hash", hash)
        .bind("name", name)
        .execute();
    transaction
        .update(
            """
            DELETE FROM sessions WHERE tenant_id = :tenant AND token_hash <> :kept
              AND user_id IN (SELECT user_id FROM users WHERE tenant_id = :tenant AND name = :name)
            """)
        .bind("name", name)
        .bind("kept", Secrets.read(kept).map(Secrets.Told::hash).orElse(new byte[0]))
        .execute();
  }

  /**
   * Begins a session of somebody whom the issuer vouches for. The user's row is made at the first
   * sign-in; roles that the issuer tells of replace those that it has.
   *
   * @return empty when the tenant is none, the user is disabled or has no role
   */
  public Optional<Session> signIn(OidcUser user) {
    return database.inTenant(user.tenant(), tx -> signIn(tx, user));
  }

  private Optional<Session> signIn(TenantTransaction transaction, OidcUser user) {
    boolean lives =
        transaction
            .query("SELECT 1 FROM tenants WHERE tenant_id = :tenant AND deleted_at IS NULL")
            .mapTo(Integer.class)
            .findOne()
            .isPresent();
    if (!lives) {
      return Optional.empty();
    }
    UUID id = new OidcUsers(transaction, log, clock).userOf(user);
    return mayBegin(transaction, id) ? Optional.of(begin(transaction, id)) : Optional.empty();
  }

  private static boolean mayBegin(TenantTransaction transaction, UUID id) {
    return transaction
        .query(
            """
            SELECT 1 FROM users u WHERE tenant_id = :tenant AND user_id = :id AND NOT disabled
              AND EXISTS (SELECT 1 FROM user_roles r WHERE r.tenant_id = u.tenant_id AND r.user_id = u.user_id)
            """)
        .bind("id", id)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  private Session begin(TenantTransaction transaction, UUID userId) {
    String token = Secrets.of(transaction.tenant());
    Instant now = clock.instant();
    transaction
        .update("DELETE FROM sessions WHERE tenant_id = :tenant AND expires_at <= :now")
        .bind("now", now)
        .execute();
    transaction
        .update(
            """
            INSERT INTO sessions (tenant_id, token_hash, user_id, created_at, expires_at)
            VALUES (:tenant, :hash, :user, :now, :expires)
            """)
        .bind("hash", Secrets.hashOf(token))
        .bind("user", userId)
        .bind("now", now)
        .bind("expires", now.plus(sessionLifetime))
        .execute();
    Principal principal =
        session(transaction, Secrets.hashOf(token)).orElseThrow(IllegalStateException::new);
    return new Session(token, principal);
  }

  /** Whose session it is, while it lasts and the user is not disabled. */
  Optional<Principal> session(String token) {
    return Secrets.read(token)
        .flatMap(told -> database.inTenant(told.tenant(), tx -> session(tx, told.hash())));
  }

  private Optional<Principal> session(TenantTransaction transaction, byte[] hash) {
    return transaction
        .query(
            """
            SELECT u.name, %s, s.expires_at FROM sessions s
            JOIN users u ON u.tenant_id = s.tenant_id AND u.user_id = s.user_id
            WHERE s.tenant_id = :tenant AND s.token_hash = :hash AND s.expires_at > :now AND NOT u.disabled
            """
                .formatted(ROLES))
        .bind("hash", hash)
        .bind("now", clock.instant())
        .map(
            (row, context) ->
                Principal.of(
                    "user",
                    row.getString(1),
                    transaction.tenant(),
                    roles(strings(row, 2)),
                    Set.of(),
                    Optional.of(row.getTimestamp(3).toInstant())))
        .findOne();
  }

  /** Ends a session; one that is not there is no error. */
  public void signOut(String token) {
    Secrets.read(token)
        .ifPresent(
            told ->
                database.inTenant(
                    told.tenant(),
                    tx ->
                        tx.update(
                                "DELETE FROM sessions WHERE tenant_id = :tenant AND token_hash = :hash")
                            .bind("hash", told.hash())
                            .execute()));
  }

  /** Whose API key it is: {@code twk.…}. */
  public Identity apiKey(String key) {
    if (!key.startsWith(Secrets.KEY_PREFIX)) {
      return new Identity.Unknown("not an API key");
    }
    return Secrets.read(key.substring(Secrets.KEY_PREFIX.length()))
        .<Identity>map(told -> key(told.tenant(), told.hash(), "secret"))
        .orElse(new Identity.Unknown("not an API key"));
  }

  /** Whose client certificate it is. */
  Identity certificate(String tenant, byte[] der) {
    return key(tenant, Secrets.sha256(der), "certificate");
  }

  private Identity key(String tenant, byte[] hash, String kind) {
    return database.inTenant(
        tenant,
        tx ->
            tx.query(
                    """
                    SELECT name, roles, scopes, expires_at, revoked_at FROM api_keys
                    WHERE tenant_id = :tenant AND secret_hash = :hash AND kind = :kind
                    """)
                .bind("hash", hash)
                .bind("kind", kind)
                .map((row, context) -> keyIdentity(row, tenant, kind))
                .findOne()
                .orElse(new Identity.Unknown("unknown API key or certificate")));
  }

  private Identity keyIdentity(ResultSet row, String tenant, String kind) throws SQLException {
    Timestamp revoked = row.getTimestamp(5);
    Instant expires = row.getTimestamp(4).toInstant();
    if (revoked != null) {
      return new Identity.Unknown("the API key or certificate was revoked");
    }
    if (!expires.isAfter(clock.instant())) {
      return new Identity.Unknown("the API key or certificate has expired");
    }
    Set<Permission> scopes =
        strings(row, 3).stream().map(Roles::permission).collect(Collectors.toSet());
    return Principal.of(
        kind.equals("secret") ? "key" : "certificate",
        row.getString(1),
        tenant,
        roles(strings(row, 2)),
        scopes,
        Optional.of(expires));
  }

  static Set<Role> roles(Iterable<String> names) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    names.forEach(name -> Roles.byName(name).ifPresent(roles::add));
    return roles;
  }

  private static java.util.List<String> strings(ResultSet row, int column) throws SQLException {
    java.sql.@Nullable Array array = row.getArray(column);
    return array == null ? java.util.List.of() : Arrays.asList((String[]) array.getArray());
  }
}
