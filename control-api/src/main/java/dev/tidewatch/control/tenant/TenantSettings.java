package dev.tidewatch.control.tenant;

import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.v1.Quotas;
import dev.tidewatch.control.v1.Retention;
import dev.tidewatch.control.v1.SetQuotasRequest;
import dev.tidewatch.control.v1.SetRetentionRequest;
import java.util.HashMap;
import java.util.Map;

/** Retention and quotas. */
final class TenantSettings {
  private TenantSettings() {}

  static Retention setRetention(Change change, SetRetentionRequest request) {
    Tenants.requireLiving(change.transaction());
    change.about("retention of", request.getTenantId());
    change.detail().put("events", request.getEventsDays()).put("alerts", request.getAlertsDays());
    setDays(change.transaction(), "events", request.getEventsDays());
    setDays(change.transaction(), "alerts", request.getAlertsDays());
    return retention(change.transaction());
  }

  private static void setDays(TenantTransaction transaction, String table, int days) {
    transaction
        .update("DELETE FROM retention WHERE tenant_id = :tenant AND table_name = :table")
        .bind("table", table)
        .execute();
    if (days > 0) {
      transaction
          .update(
              "INSERT INTO retention (tenant_id, table_name, days) VALUES (:tenant, :table, :days)")
          .bind("table", table)
          .bind("days", days)
          .execute();
    }
  }

  static Retention retention(TenantTransaction transaction) {
    Map<String, Integer> days = new HashMap<>();
    transaction
        .query("SELECT table_name, days FROM retention WHERE tenant_id = :tenant")
        .map((row, context) -> Map.entry(row.getString(1), row.getInt(2)))
        .forEach(row -> days.put(row.getKey(), row.getValue()));
    return Retention.newBuilder()
        .setTenantId(transaction.tenant())
        .setEventsDays(days.getOrDefault("events", 0))
        .setAlertsDays(days.getOrDefault("alerts", 0))
        .build();
  }

  static Quotas setQuotas(Change change, SetQuotasRequest request) {
    Tenants.requireLiving(change.transaction());
    change.about("quotas of", request.getTenantId());
    change.transaction().update("DELETE FROM quotas WHERE tenant_id = :tenant").execute();
    request
        .getQuotas()
        .getAllFields()
        .forEach(
            (field, limit) -> {
              change.detail().put(field.getJsonName(), (Long) limit);
              change
                  .transaction()
                  .update(
                      "INSERT INTO quotas (tenant_id, name, limit_value) VALUES (:tenant, :name, :limit)")
                  .bind("name", field.getName())
                  .bind("limit", (long) (Long) limit)
                  .execute();
            });
    return quotas(change.transaction());
  }

  static Quotas quotas(TenantTransaction transaction) {
    Quotas.Builder quotas = Quotas.newBuilder();
    transaction
        .query("SELECT name, limit_value FROM quotas WHERE tenant_id = :tenant")
        .map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
        .forEach(
            row ->
                quotas.setField(
                    Quotas.getDescriptor().findFieldByName(row.getKey()), row.getValue()));
    return quotas.build();
  }
}
