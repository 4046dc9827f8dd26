package dev.tidewatch.control.database;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/**
 * A transaction that sees the rows of one tenant. Statements name their parameters ({@code :name});
 * text never becomes a part of a statement.
 *
 * @param tenant whose rows
 * @param handle the connection, for its {@link ControlDatabase#inTenant} only
 */
public record TenantTransaction(String tenant, Handle handle) {
  /** A query with {@code :tenant} bound. */
  public Query query(String sql) {
    return handle.createQuery(sql).bind("tenant", tenant);
  }

  /** A statement that changes something, with {@code :tenant} bound. */
  public Update update(String sql) {
    return handle.createUpdate(sql).bind("tenant", tenant);
  }
}
