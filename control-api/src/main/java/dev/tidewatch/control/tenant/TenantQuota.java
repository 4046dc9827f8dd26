package dev.tidewatch.control.tenant;

import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.Failures;
import java.util.Optional;

/** How many of something a tenant may have, where it has a quota for it. */
public enum TenantQuota {
  USERS("users", "SELECT count(*) FROM users WHERE tenant_id = :tenant"),
  API_KEYS(
      "api_keys",
      "SELECT count(*) FROM api_keys WHERE tenant_id = :tenant AND revoked_at IS NULL AND expires_at > now()");

  private final String column;
  private final String count;

  TenantQuota(String column, String count) {
    this.column = column;
    this.count = count;
  }

  /** Refuses one more than the quota; two who add at once wait for each other. */
  public static void require(TenantTransaction transaction, TenantQuota quota) {
    Optional<Long> most =
        transaction
            .query(
                "SELECT limit_value FROM quotas WHERE tenant_id = :tenant AND name = :name FOR UPDATE")
            .bind("name", quota.column)
            .mapTo(Long.class)
            .findOne();
    if (most.isPresent()) {
      long has = transaction.query(quota.count).mapTo(Long.class).one();
      if (has >= most.get()) {
        throw Failures.precondition(
            "QUOTA", "the tenant's quota of %s is %d".formatted(quota.column, most.get()));
      }
    }
  }
}
