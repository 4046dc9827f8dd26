package dev.tidewatch.control.database;

import java.util.function.Function;
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
  /**
   * Runs {@code work} in this transaction as the operators' tenant: for what belongs to the
   * installation as a whole and changes together with a tenant's own rows.
   */
  public <T> T asSystem(Function<TenantTransaction, T> work) {
    enter(ControlDatabase.SYSTEM);
    T result;
    try {
      result = work.apply(new TenantTransaction(ControlDatabase.SYSTEM, handle));
    } catch (RuntimeException failure) {
      try {
        enter(tenant);
      } catch (RuntimeException lost) {
        failure.addSuppressed(lost);
      }
      throw failure;
    }
    enter(tenant);
    return result;
  }

  void enter(String entered) {
    String unused =
        handle
            .createQuery("SELECT set_config('tidewatch.tenant', :entered, true)")
            .bind("entered", entered)
            .mapTo(String.class)
            .one();
  }

  /** Has {@code done} called when the transaction is committed, and not when it is rolled back. */
  public void afterCommit(Runnable done) {
    Handle unused = handle.afterCommit(done);
  }

  /** A query with {@code :tenant} bound. */
  public Query query(String sql) {
    return handle.createQuery(sql).bind("tenant", tenant);
  }

  /** A statement that changes something, with {@code :tenant} bound. */
  public Update update(String sql) {
    return handle.createUpdate(sql).bind("tenant", tenant);
  }
}
