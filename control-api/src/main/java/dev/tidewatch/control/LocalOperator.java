package dev.tidewatch.control;

import dev.tidewatch.control.access.Passwords;
import dev.tidewatch.control.access.Secrets;
import dev.tidewatch.control.audit.AuditEntry;
import dev.tidewatch.control.audit.AuditLog;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.DatabaseOptions;
import dev.tidewatch.control.database.TenantTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes a new installation usable: the tenants {@code system} and {@code default}, the operator
 * {@code admin}, and a key file with which the commands of this machine call the API.
 */
public final class LocalOperator {
  /** In the data directory; only its owner reads it. */
  public static final String KEY_FILE = "operator.key";

  /** Whom the generated password is of. */
  public static final String NAME = "admin";

  private static final Duration KEY_LIFETIME = Duration.ofDays(365);
  private static final Duration RENEWED_BEFORE = Duration.ofDays(30);

  private final ControlDatabase database;
  private final AuditLog log;
  private final Clock clock;

  private LocalOperator(ControlDatabase database, Clock clock) {
    this.database = database;
    this.log = new AuditLog(clock);
    this.clock = clock;
  }

  /**
   * Makes what is missing.
   *
   * @param directory where the key file is kept
   * @return the generated password, when the operator was made now: it is shown once
   */
  public static Optional<String> prepare(DatabaseOptions options, Path directory, Clock clock) {
    try (ControlDatabase database = ControlDatabase.open(options)) {
      LocalOperator local = new LocalOperator(database, clock);
      Optional<String> password = database.inTenant(ControlDatabase.SYSTEM, local::operator);
      database.inTenant("default", transaction -> local.tenant(transaction, "Default"));
      local.keyFile(directory);
      return password;
    }
  }

  /** The key in {@code directory}, when there is one. */
  public static Optional<String> key(Path directory) {
    Path file = directory.resolve(KEY_FILE);
    try {
      return Files.isRegularFile(file)
          ? Optional.of(Files.readString(file).strip())
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private Optional<String> operator(TenantTransaction transaction) {
    tenant(transaction, "Operators");
    boolean exists =
        transaction
                .query("SELECT count(*) FROM users WHERE tenant_id = :tenant")
                .mapTo(Long.class)
                .one()
            > 0;
    if (exists) {
      return Optional.empty();
    }
    String password = Passwords.generated();
    UUID id = UUID.randomUUID();
    transaction
        .update(
            """
            INSERT INTO users (tenant_id, user_id, name, display_name, password_hash, created_at)
            VALUES (:tenant, :id, :name, 'Local administrator', :hash, :now)
            """)
        .bind("id", id)
        .bind("name", NAME)
        .bind("hash", Passwords.hash(password))
        .bind("now", clock.instant())
        .execute();
    transaction
        .update("INSERT INTO user_roles (tenant_id, user_id, role) VALUES (:tenant, :id, 'admin')")
        .bind("id", id)
        .execute();
    audit(transaction, "user " + NAME);
    return Optional.of(password);
  }

  private boolean tenant(TenantTransaction transaction, String name) {
    int made =
        transaction
            .update(
                """
                INSERT INTO tenants (tenant_id, display_name, created_at) VALUES (:tenant, :name, :now)
                ON CONFLICT DO NOTHING
                """)
            .bind("name", name)
            .bind("now", clock.instant())
            .execute();
    if (made > 0) {
      audit(transaction, "tenant " + transaction.tenant());
    }
    return made > 0;
  }

  private void keyFile(Path directory) {
    Optional<String> present = key(directory);
    boolean holds =
        present.isPresent()
            && database.inTenant(ControlDatabase.SYSTEM, tx -> holds(tx, present.get()));
    if (!holds) {
      write(directory.resolve(KEY_FILE), database.inTenant(ControlDatabase.SYSTEM, this::newKey));
    }
  }

  private boolean holds(TenantTransaction transaction, String key) {
    Optional<byte[]> hash = Secrets.hashOfKey(key);
    return hash.isPresent()
        && transaction
            .query(
                """
                SELECT 1 FROM api_keys WHERE tenant_id = :tenant AND secret_hash = :hash
                  AND revoked_at IS NULL AND expires_at > :soon
                """)
            .bind("hash", hash.get())
            .bind("soon", clock.instant().plus(RENEWED_BEFORE))
            .mapTo(Integer.class)
            .findOne()
            .isPresent();
  }

  private String newKey(TenantTransaction transaction) {
    String secret = Secrets.of(transaction.tenant());
    Instant now = clock.instant();
    transaction
        .update(
            """
            INSERT INTO api_keys (tenant_id, key_id, name, kind, secret_hash, roles, created_by, created_at, expires_at)
            VALUES (:tenant, :id, 'local', 'secret', :hash, '{admin}', 'bootstrap', :now, :expires)
            """)
        .bind("id", UUID.randomUUID())
        .bind("hash", Secrets.hashOf(secret))
        .bind("now", now)
        .bind("expires", now.plus(KEY_LIFETIME))
        .execute();
    audit(transaction, "api key local");
    return Secrets.key(secret);
  }

  private void audit(TenantTransaction transaction, String resource) {
    log.append(
        transaction,
        new AuditEntry(
            "bootstrap", "bootstrap", resource, AuditEntry.Outcome.CHANGED, "{}", "-", "-"));
  }

  private static void write(Path file, String key) {
    Path temporary = file.resolveSibling(KEY_FILE + ".new");
    try {
      Files.deleteIfExists(temporary);
      Files.createFile(
          temporary,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(temporary, List.of(key));
      Files.move(
          temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
