package dev.tidewatch.control.tenant;

import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.change.Conflicts;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.CreateTenantRequest;
import dev.tidewatch.control.v1.ResumeTenantRequest;
import dev.tidewatch.control.v1.SuspendTenantRequest;
import dev.tidewatch.control.v1.Tenant;
import dev.tidewatch.control.v1.UpdateTenantRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;

/** The tenants themselves. A deleted tenant's row stays, so that its id is never used again. */
final class Tenants {
  private static final String SELECT =
      "SELECT tenant_id, display_name, created_at, deleted_at, suspended_at FROM tenants";

  private Tenants() {}

  static void check(String tenantId, String displayName) {
    new FieldChecks()
        .tenant(tenantId)
        .text("display_name", displayName, 200)
        .require(!displayName.isBlank(), "display_name", "must not be blank")
        .done();
  }

  static Tenant create(Change change, CreateTenantRequest request) {
    change.about("tenant", request.getTenantId());
    change.detail().put("displayName", request.getDisplayName());
    Conflicts.named(
        "the tenant id " + request.getTenantId() + " is or was used",
        () ->
            change
                .transaction()
                .update(
                    """
                    INSERT INTO tenants (tenant_id, display_name, created_at)
                    VALUES (:tenant, :display, :now)
                    """)
                .bind("display", request.getDisplayName())
                .bind("now", change.at())
                .execute());
    return get(change.transaction());
  }

  static Tenant update(Change change, UpdateTenantRequest request) {
    change.about("tenant", request.getTenantId());
    change.detail().put("displayName", request.getDisplayName());
    requireLiving(change.transaction());
    change
        .transaction()
        .update("UPDATE tenants SET display_name = :display WHERE tenant_id = :tenant")
        .bind("display", request.getDisplayName())
        .execute();
    return get(change.transaction());
  }

  /** Nothing of it comes in from now on. */
  static Tenant suspend(Change change, SuspendTenantRequest request) {
    change.about("tenant", request.getTenantId());
    change.detail().put("suspended", true).put("reason", request.getReason());
    requireLiving(change.transaction());
    change
        .transaction()
        .update(
            "UPDATE tenants SET suspended_at = coalesce(suspended_at, :now) WHERE tenant_id = :tenant")
        .bind("now", change.at())
        .execute();
    return get(change.transaction());
  }

  static Tenant resume(Change change, ResumeTenantRequest request) {
    change.about("tenant", request.getTenantId());
    change.detail().put("suspended", false);
    requireLiving(change.transaction());
    change
        .transaction()
        .update("UPDATE tenants SET suspended_at = NULL WHERE tenant_id = :tenant")
        .execute();
    return get(change.transaction());
  }

  /** Tenants that the transaction's tenant sees: all for the operators' own. */
  static List<Tenant> page(TenantTransaction transaction, String after, int limit) {
    return transaction
        .handle()
        .createQuery(SELECT + " WHERE tenant_id > :after ORDER BY tenant_id LIMIT :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, context) -> tenant(row))
        .list();
  }

  static Tenant get(TenantTransaction transaction) {
    return transaction
        .query(SELECT + " WHERE tenant_id = :tenant")
        .map((row, context) -> tenant(row))
        .findOne()
        .orElseThrow(() -> Failures.notFound("no such tenant"));
  }

  /** What is set for a tenant is set for one that is there. */
  static void requireLiving(TenantTransaction transaction) {
    if (get(transaction).getDeletedMs() != 0) {
      throw Failures.notFound("the tenant was deleted");
    }
  }

  private static Tenant tenant(ResultSet row) throws SQLException {
    Timestamp deleted = row.getTimestamp(4);
    Timestamp suspended = row.getTimestamp(5);
    return Tenant.newBuilder()
        .setTenantId(row.getString(1))
        .setDisplayName(row.getString(2))
        .setCreatedMs(row.getTimestamp(3).getTime())
        .setDeletedMs(deleted == null ? 0 : deleted.getTime())
        .setSuspendedMs(suspended == null ? 0 : suspended.getTime())
        .build();
  }
}
