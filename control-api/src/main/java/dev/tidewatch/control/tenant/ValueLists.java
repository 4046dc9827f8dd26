package dev.tidewatch.control.tenant;

import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.DeleteValueListRequest;
import dev.tidewatch.control.v1.DeleteValueListResponse;
import dev.tidewatch.control.v1.PutValueListRequest;
import dev.tidewatch.control.v1.ValueList;
import io.grpc.Status;
import java.util.List;
import java.util.regex.Pattern;

/** Lists of values that rules name with the modifier {@code expand}. */
final class ValueLists {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");
  private static final int MOST_ENTRIES = 100_000;
  private static final int LONGEST_ENTRY = 1_000;

  private ValueLists() {}

  static void check(PutValueListRequest request) {
    FieldChecks checks = name(request.getTenantId(), request.getName());
    boolean fits =
        request.getEntriesList().stream()
            .allMatch(entry -> entry.length() <= LONGEST_ENTRY && entry.indexOf('\0') < 0);
    checks
        .require(
            request.getEntriesCount() <= MOST_ENTRIES, "entries", "must be at most " + MOST_ENTRIES)
        .require(fits, "entries", "must have at most " + LONGEST_ENTRY + " characters, without NUL")
        .require(request.getBaseVersion() >= 0, "base_version", "must not be negative")
        .done();
  }

  static FieldChecks name(String tenant, String name) {
    return new FieldChecks()
        .tenant(tenant)
        .require(NAME.matcher(name).matches(), "name", "must be 1 to 64 letters, digits or _ . -");
  }

  static ValueList put(Change change, PutValueListRequest request) {
    TenantTransaction transaction = change.transaction();
    Tenants.requireLiving(transaction);
    int version = version(transaction, request.getName());
    if (request.getBaseVersion() != 0 && request.getBaseVersion() != version) {
      throw Status.ABORTED
          .withDescription(
              "the list has version "
                  + version
                  + " now, and the change was made on "
                  + request.getBaseVersion()
                  + "; read it again")
          .asRuntimeException();
    }
    change.about("value list", request.getName());
    change.detail().put("version", version + 1).put("entries", request.getEntriesCount());
    transaction
        .update(
            """
            INSERT INTO value_lists (tenant_id, name, version, entries, changed_by, changed_at)
            VALUES (:tenant, :name, :version, :entries, :by, :now)
            ON CONFLICT (tenant_id, name) DO UPDATE SET version = excluded.version,
              entries = excluded.entries, changed_by = excluded.changed_by, changed_at = excluded.changed_at
            """)
        .bind("name", request.getName())
        .bind("version", version + 1)
        .bindArray("entries", String.class, request.getEntriesList())
        .bind("by", change.principal().actor())
        .bind("now", change.at())
        .execute();
    return list(transaction).stream()
        .filter(list -> list.getName().equals(request.getName()))
        .findFirst()
        .orElseThrow();
  }

  /** The list's version, 0 while there is none. Others who change it wait. */
  private static int version(TenantTransaction transaction, String name) {
    transaction
        .query("SELECT true FROM (SELECT pg_advisory_xact_lock(hashtextextended(:key, 13))) l")
        .bind("key", transaction.tenant() + "\n" + name)
        .mapTo(Boolean.class)
        .one();
    return transaction
        .query("SELECT version FROM value_lists WHERE tenant_id = :tenant AND name = :name")
        .bind("name", name)
        .mapTo(Integer.class)
        .findOne()
        .orElse(0);
  }

  static DeleteValueListResponse delete(Change change, DeleteValueListRequest request) {
    change.about("value list", request.getName());
    int gone =
        change
            .transaction()
            .update("DELETE FROM value_lists WHERE tenant_id = :tenant AND name = :name")
            .bind("name", request.getName())
            .execute();
    if (gone == 0) {
      throw Failures.notFound("no such value list");
    }
    return DeleteValueListResponse.getDefaultInstance();
  }

  static List<ValueList> list(TenantTransaction transaction) {
    return transaction
        .query(
            """
            SELECT name, version, entries, changed_by, changed_at FROM value_lists
            WHERE tenant_id = :tenant ORDER BY name
            """)
        .map(
            (row, context) ->
                ValueList.newBuilder()
                    .setTenantId(transaction.tenant())
                    .setName(row.getString(1))
                    .setVersion(row.getInt(2))
                    .addAllEntries(List.of((String[]) row.getArray(3).getArray()))
                    .setChangedBy(row.getString(4))
                    .setChangedMs(row.getTimestamp(5).getTime())
                    .build())
        .list();
  }
}
