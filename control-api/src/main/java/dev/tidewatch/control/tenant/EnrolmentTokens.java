package dev.tidewatch.control.tenant;

import dev.tidewatch.control.access.Secrets;
import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.CreateEnrolmentTokenRequest;
import dev.tidewatch.control.v1.CreateEnrolmentTokenResponse;
import dev.tidewatch.control.v1.EnrolmentToken;
import dev.tidewatch.control.v1.RevokeEnrolmentTokenRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tokens with which agents become a tenant's; the gateway redeems them, once each. */
final class EnrolmentTokens {
  private static final String PREFIX = "tw1.";
  private static final int SECRET_BYTES = 32;
  private static final int LONGEST_HOURS = 720;

  private static final String SELECT =
      """
      SELECT token_id, comment, created_by, created_at, expires_at, used_at, used_by, revoked_at
      FROM enrolment_tokens WHERE tenant_id = :tenant
      """;

  private EnrolmentTokens() {}

  static void check(CreateEnrolmentTokenRequest request) {
    new FieldChecks()
        .tenant(request.getTenantId())
        .text("comment", request.getComment(), 200)
        .require(
            request.getValidHours() >= 1 && request.getValidHours() <= LONGEST_HOURS,
            "valid_hours",
            "must be between 1 and " + LONGEST_HOURS)
        .done();
  }

  /**
   * @param pin what comes behind the secret
   */
  static CreateEnrolmentTokenResponse create(
      Change change, CreateEnrolmentTokenRequest request, String pin) {
    Tenants.requireLiving(change.transaction());
    String secret = Secrets.text(SECRET_BYTES);
    UUID id = UUID.randomUUID();
    change.about("enrolment token", id);
    change.detail().put("comment", request.getComment()).put("validHours", request.getValidHours());
    change
        .transaction()
        .update(
            """
            INSERT INTO enrolment_tokens (tenant_id, token_id, secret_hash, comment, created_by, created_at, expires_at)
            VALUES (:tenant, :id, :hash, :comment, :by, :now, :expires)
            """)
        .bind("id", id)
        .bind("hash", Secrets.sha256(Base64.getUrlDecoder().decode(secret)))
        .bind("comment", request.getComment())
        .bind("by", change.principal().actor())
        .bind("now", change.at())
        .bind("expires", change.at().plus(Duration.ofHours(request.getValidHours())))
        .execute();
    return CreateEnrolmentTokenResponse.newBuilder()
        .setToken(get(change.transaction(), id))
        .setSecret(PREFIX + secret + pin)
        .build();
  }

  static EnrolmentToken revoke(Change change, RevokeEnrolmentTokenRequest request) {
    UUID id = FieldChecks.uuid(request.getTokenId());
    change.about("enrolment token", id);
    change
        .transaction()
        .update(
            """
            UPDATE enrolment_tokens SET revoked_at = coalesce(revoked_at, :now)
            WHERE tenant_id = :tenant AND token_id = :id
            """)
        .bind("now", change.at())
        .bind("id", id)
        .execute();
    return get(change.transaction(), id);
  }

  static List<EnrolmentToken> page(TenantTransaction transaction, String after, int limit) {
    return transaction
        .query(SELECT + " AND token_id::text > :after ORDER BY token_id::text LIMIT :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, context) -> token(transaction.tenant(), row))
        .list();
  }

  private static EnrolmentToken get(TenantTransaction transaction, UUID id) {
    return transaction
        .query(SELECT + " AND token_id = :id")
        .bind("id", id)
        .map((row, context) -> token(transaction.tenant(), row))
        .findOne()
        .orElseThrow(() -> Failures.notFound("no such enrolment token"));
  }

  private static EnrolmentToken token(String tenant, ResultSet row) throws SQLException {
    String usedBy = row.getString(7);
    return EnrolmentToken.newBuilder()
        .setTenantId(tenant)
        .setTokenId(row.getString(1))
        .setComment(row.getString(2))
        .setCreatedBy(row.getString(3))
        .setCreatedMs(millis(row.getTimestamp(4)))
        .setExpiresMs(millis(row.getTimestamp(5)))
        .setUsedMs(millis(row.getTimestamp(6)))
        .setUsedBy(usedBy == null ? "" : usedBy)
        .setRevokedMs(millis(row.getTimestamp(8)))
        .build();
  }

  private static long millis(@Nullable Timestamp time) {
    return time == null ? 0 : time.getTime();
  }
}
