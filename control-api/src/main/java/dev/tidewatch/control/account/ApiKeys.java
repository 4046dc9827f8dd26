package dev.tidewatch.control.account;

import dev.tidewatch.control.access.Authenticator;
import dev.tidewatch.control.access.Roles;
import dev.tidewatch.control.access.Secrets;
import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.change.Conflicts;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.request.PageKey;
import dev.tidewatch.control.v1.ApiKey;
import dev.tidewatch.control.v1.CreateApiKeyRequest;
import dev.tidewatch.control.v1.CreateApiKeyResponse;
import dev.tidewatch.control.v1.Permission;
import dev.tidewatch.control.v1.RevokeApiKeyRequest;
import dev.tidewatch.store.InvalidPageTokenException;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.naming.InvalidNameException;

/** API keys and client certificates of a tenant. */
final class ApiKeys {
  private static final int LONGEST_DAYS = 365;
  private static final int LARGEST_CERTIFICATE = 16 << 10;

  private static final String SELECT =
      """
      SELECT key_id, name, roles, scopes, created_by, created_at, expires_at, revoked_at, kind
      FROM api_keys WHERE tenant_id = :tenant
      """;

  private final Clock clock;

  ApiKeys(Clock clock) {
    this.clock = clock;
  }

  static void check(CreateApiKeyRequest request) {
    boolean scopesKnown =
        request.getScopesList().stream()
            .allMatch(
                scope ->
                    scope != Permission.PERMISSION_UNSPECIFIED && scope != Permission.UNRECOGNIZED);
    FieldChecks checks =
        new FieldChecks()
            .tenant(request.getTenantId())
            .text("name", request.getName(), 200)
            .require(!request.getName().isBlank(), "name", "must not be blank")
            .require(scopesKnown, "scopes", "must be permissions")
            .require(
                request.getValidDays() >= 1 && request.getValidDays() <= LONGEST_DAYS,
                "valid_days",
                "must be between 1 and " + LONGEST_DAYS);
    Grants.check(checks, request.getRolesList());
    if (!request.getCertificateDer().isEmpty()) {
      checks.require(
          isOfTenant(request), "certificate_der", "must be X.509 DER with O = the tenant");
    }
    checks.done();
  }

  private static boolean isOfTenant(CreateApiKeyRequest request) {
    if (request.getCertificateDer().size() > LARGEST_CERTIFICATE) {
      return false;
    }
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(request.getCertificateDer().toByteArray()));
      return Authenticator.organisation(certificate)
          .filter(request.getTenantId()::equals)
          .isPresent();
    } catch (CertificateException | InvalidNameException e) {
      return false;
    }
  }

  CreateApiKeyResponse create(Change change, CreateApiKeyRequest request) {
    Grants.requireWithin(change.principal(), request.getRolesList());
    boolean certificate = !request.getCertificateDer().isEmpty();
    String secret = Secrets.of(change.transaction().tenant());
    byte[] hash =
        certificate
            ? Secrets.sha256(request.getCertificateDer().toByteArray())
            : Secrets.hashOf(secret);
    UUID id = UUID.randomUUID();
    String[] scopes =
        request.getScopesList().stream().map(Roles::name).distinct().toArray(String[]::new);
    change.about("api key", request.getName());
    change
        .detail()
        .put("keyId", id.toString())
        .put("roles", String.join(" ", Grants.names(request.getRolesList())))
        .put("scopes", String.join(" ", scopes))
        .put("validDays", request.getValidDays());
    Conflicts.named(
        "this certificate is let in already",
        () -> insert(change, request, id, hash, certificate, scopes));
    return CreateApiKeyResponse.newBuilder()
        .setApiKey(get(change.transaction(), id))
        .setSecret(certificate ? "" : Secrets.key(secret))
        .build();
  }

  private static int insert(
      Change change,
      CreateApiKeyRequest request,
      UUID id,
      byte[] hash,
      boolean certificate,
      String[] scopes) {
    return change
        .transaction()
        .update(
            """
            INSERT INTO api_keys (tenant_id, key_id, name, kind, secret_hash, roles, scopes, created_by,
              created_at, expires_at)
            VALUES (:tenant, :id, :name, :kind, :hash, :roles, :scopes, :by, :now, :expires)
            """)
        .bind("id", id)
        .bind("name", request.getName())
        .bind("kind", certificate ? "certificate" : "secret")
        .bind("hash", hash)
        .bindArray("roles", String.class, (Object[]) Grants.names(request.getRolesList()))
        .bindArray("scopes", String.class, (Object[]) scopes)
        .bind("by", change.principal().actor())
        .bind("now", change.at())
        .bind("expires", change.at().plus(Duration.ofDays(request.getValidDays())))
        .execute();
  }

  ApiKey revoke(Change change, RevokeApiKeyRequest request) {
    UUID id = FieldChecks.uuid(request.getKeyId());
    ApiKey before = get(change.transaction(), id);
    change.about("api key", before.getName());
    change.detail().put("keyId", id.toString());
    change
        .transaction()
        .update(
            """
            UPDATE api_keys SET revoked_at = coalesce(revoked_at, :now)
            WHERE tenant_id = :tenant AND key_id = :id
            """)
        .bind("now", clock.instant())
        .bind("id", id)
        .execute();
    return get(change.transaction(), id);
  }

  /** The key's id that a page begins behind. */
  static String place(String token) {
    String id = PageKey.text(token);
    if (!id.isEmpty() && !id.matches("[0-9a-f-]{36}")) {
      throw new InvalidPageTokenException(token);
    }
    return id;
  }

  List<ApiKey> page(TenantTransaction transaction, String after, int limit) {
    return transaction
        .query(SELECT + " AND key_id::text > :after ORDER BY key_id::text LIMIT :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, context) -> key(transaction.tenant(), row))
        .list();
  }

  private static ApiKey get(TenantTransaction transaction, UUID id) {
    return transaction
        .query(SELECT + " AND key_id = :id")
        .bind("id", id)
        .map((row, context) -> key(transaction.tenant(), row))
        .findOne()
        .orElseThrow(() -> Failures.notFound("no such API key"));
  }

  private static ApiKey key(String tenant, ResultSet row) throws SQLException {
    Timestamp revoked = row.getTimestamp(8);
    Instant expires = row.getTimestamp(7).toInstant();
    ApiKey.Builder key =
        ApiKey.newBuilder()
            .setTenantId(tenant)
            .setKeyId(row.getString(1))
            .setName(row.getString(2))
            .setCreatedBy(row.getString(5))
            .setCreatedMs(row.getTimestamp(6).getTime())
            .setExpiresMs(expires.toEpochMilli())
            .setRevokedMs(revoked == null ? 0 : revoked.getTime())
            .setCertificate(row.getString(9).equals("certificate"));
    for (String role : (String[]) row.getArray(3).getArray()) {
      Roles.byName(role).ifPresent(key::addRoles);
    }
    for (String scope : (String[]) row.getArray(4).getArray()) {
      key.addScopes(Roles.permission(scope));
    }
    return key.build();
  }
}
