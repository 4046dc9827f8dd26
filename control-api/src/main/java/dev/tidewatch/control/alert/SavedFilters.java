package dev.tidewatch.control.alert;

import dev.tidewatch.control.access.Principal;
import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.change.Conflicts;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.v1.CreateSavedFilterRequest;
import dev.tidewatch.control.v1.Permission;
import dev.tidewatch.control.v1.SavedFilter;
import dev.tidewatch.control.v1.UpdateSavedFilterRequest;
import io.grpc.Status;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;

/** Queries under a name. Everyone sees their own and those that are shared in the tenant. */
final class SavedFilters {
  private static final int MOST_OF_ONE = 200;

  private static final String TAKEN = "you have a saved filter of this name already";

  private SavedFilters() {}

  static List<SavedFilter> list(TenantTransaction transaction, Principal caller) {
    Query query =
        transaction.query(
            """
            SELECT filter_id, name, query, owner, shared, changed_at FROM saved_filters
            WHERE tenant_id = :tenant AND (owner = :caller OR shared) ORDER BY name, owner
            """);
    return filters(query, caller);
  }

  private static List<SavedFilter> filters(Query query, Principal caller) {
    return query
        .bind("caller", caller.actor())
        .map(
            (row, context) ->
                SavedFilter.newBuilder()
                    .setFilterId(row.getString(1))
                    .setName(row.getString(2))
                    .setQuery(row.getString(3))
                    .setOwner(row.getString(4))
                    .setShared(row.getBoolean(5))
                    .setChangedMs(row.getTimestamp(6).getTime())
                    .setMine(row.getString(4).equals(caller.actor()))
                    .build())
        .list();
  }

  static SavedFilter create(Change change, CreateSavedFilterRequest request) {
    TenantTransaction transaction = change.transaction();
    if (countOf(change) >= MOST_OF_ONE) {
      throw Failures.exhausted("you have " + MOST_OF_ONE + " saved filters; delete one first");
    }
    UUID id = UUID.randomUUID();
    Conflicts.named(
        TAKEN,
        () ->
            transaction
                .update(
                    """
                    INSERT INTO saved_filters (tenant_id, filter_id, name, query, owner, shared, changed_at)
                    VALUES (:tenant, :id, :name, :query, :owner, :shared, :now)
                    """)
                .bind("id", id)
                .bind("name", request.getName())
                .bind("query", request.getQuery())
                .bind("owner", change.principal().actor())
                .bind("shared", request.getShared())
                .bind("now", change.at())
                .execute());
    return told(change, visible(change, id));
  }

  /** One caller's creations wait for one another, so that the limit holds. */
  private static int countOf(Change change) {
    TenantTransaction transaction = change.transaction();
    String owner = change.principal().actor();
    transaction
        .query("SELECT true FROM (SELECT pg_advisory_xact_lock(hashtextextended(:key, 17))) l")
        .bind("key", transaction.tenant() + "\n" + owner)
        .mapTo(Boolean.class)
        .one();
    return transaction
        .query("SELECT count(*) FROM saved_filters WHERE tenant_id = :tenant AND owner = :owner")
        .bind("owner", owner)
        .mapTo(Integer.class)
        .one();
  }

  static SavedFilter update(Change change, UUID id, UpdateSavedFilterRequest request) {
    requireOwn(change, visible(change, id));
    Conflicts.named(
        TAKEN,
        () ->
            change
                .transaction()
                .update(
                    """
                    UPDATE saved_filters SET name = :name, query = :query, shared = :shared, changed_at = :now
                    WHERE tenant_id = :tenant AND filter_id = :id
                    """)
                .bind("id", id)
                .bind("name", request.getName())
                .bind("query", request.getQuery())
                .bind("shared", request.getShared())
                .bind("now", change.at())
                .execute());
    return told(change, visible(change, id));
  }

  static void delete(Change change, UUID id) {
    SavedFilter filter = visible(change, id);
    requireOwn(change, filter);
    change
        .transaction()
        .update("DELETE FROM saved_filters WHERE tenant_id = :tenant AND filter_id = :id")
        .bind("id", id)
        .execute();
    SavedFilter unused = told(change, filter);
  }

  /**
   * Others' that are not shared do not exist for the caller. An update of it waits for this one.
   */
  private static SavedFilter visible(Change change, UUID id) {
    Query query =
        change
            .transaction()
            .query(
                """
                SELECT filter_id, name, query, owner, shared, changed_at FROM saved_filters
                WHERE tenant_id = :tenant AND filter_id = :id AND (owner = :caller OR shared) FOR UPDATE
                """)
            .bind("id", id);
    return filters(query, change.principal()).stream()
        .findFirst()
        .orElseThrow(() -> Failures.notFound("no saved filter " + id));
  }

  private static void requireOwn(Change change, SavedFilter filter) {
    if (!filter.getMine() && !change.principal().may(Permission.PERMISSION_TENANT_CONFIGURE)) {
      throw Status.PERMISSION_DENIED
          .withDescription("this filter belongs to " + filter.getOwner() + "; save one of your own")
          .asRuntimeException();
    }
  }

  private static SavedFilter told(Change change, SavedFilter filter) {
    change.about("saved filter", filter.getFilterId());
    change
        .detail()
        .put("name", filter.getName())
        .put("query", filter.getQuery())
        .put("owner", filter.getOwner())
        .put("shared", filter.getShared());
    return filter;
  }
}
