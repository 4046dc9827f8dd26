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
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;

/** Lists of values that rules name with the modifier {@code expand}, in the control database. */
final class ValueLists {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");
  private static final int MOST_ENTRIES = 100_000;
  private static final int LONGEST_ENTRY = 1_000;
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_LISTS = 100;

  private static final String SELECT =
      """
      SELECT tenant_id, name, version, entries, changed_by, changed_at FROM value_lists
      """;

  private ValueLists() {}

  static void check(PutValueListRequest request) {
    FieldChecks checks = name(request.getTenantId(), request.getName());
    long bytes = 0;
    boolean fits = true;
    for (String entry : request.getEntriesList()) {
      bytes += entry.getBytes(StandardCharsets.UTF_8).length;
      fits &= !entry.isBlank() && entry.length() <= LONGEST_ENTRY && isText(entry);
    }
    checks
        .require(
            request.getEntriesCount() > 0 && request.getEntriesCount() <= MOST_ENTRIES,
            "entries",
            "must be 1 to " + MOST_ENTRIES + "; delete a list that is to have none")
        .require(bytes <= MOST_BYTES, "entries", "must be at most 1 MiB together")
        .require(
            fits,
            "entries",
            "must have 1 to "
                + LONGEST_ENTRY
                + " characters each, of text: no control characters and no halves of pairs")
        .require(request.getBaseVersion() >= 0, "base_version", "must not be negative")
        .done();
  }

  private static boolean isText(String entry) {
    return entry.codePoints().noneMatch(c -> Character.isISOControl(c) || isHalf(c));
  }

  private static boolean isHalf(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  static FieldChecks name(String tenant, String name) {
    return new FieldChecks()
        .tenant(tenant)
        .require(NAME.matcher(name).matches(), "name", "must be 1 to 64 letters, digits or _ . -");
  }

  static ValueList put(Change change, PutValueListRequest request) {
    TenantTransaction transaction = change.transaction();
    Tenants.requireLiving(transaction);
    requireRoom(transaction, request.getName());
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
    return transaction
        .query(SELECT + " WHERE tenant_id = :tenant AND name = :name")
        .bind("name", request.getName())
        .map((row, context) -> list(row))
        .one();
  }

  private static void requireRoom(TenantTransaction transaction, String name) {
    int others =
        transaction
            .query("SELECT count(*) FROM value_lists WHERE tenant_id = :tenant AND name <> :name")
            .bind("name", name)
            .mapTo(Integer.class)
            .one();
    if (others >= MOST_LISTS) {
      throw Failures.exhausted("a tenant has at most " + MOST_LISTS + " value lists");
    }
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

  static List<ValueList> page(TenantTransaction transaction, String after, int limit) {
    return transaction
        .query(SELECT + " WHERE tenant_id = :tenant AND name > :after ORDER BY name LIMIT :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, context) -> list(row))
        .list();
  }

  /** Every list that the transaction sees: those of all tenants for the operators' own. */
  static List<ValueList> all(TenantTransaction transaction) {
    return transaction.handle().createQuery(SELECT).map((row, context) -> list(row)).list();
  }

  private static ValueList list(ResultSet row) throws SQLException {
    return ValueList.newBuilder()
        .setTenantId(row.getString(1))
        .setName(row.getString(2))
        .setVersion(row.getInt(3))
        .addAllEntries(List.of((String[]) row.getArray(4).getArray()))
        .setChangedBy(row.getString(5))
        .setChangedMs(row.getTimestamp(6).getTime())
        .build();
  }
}
