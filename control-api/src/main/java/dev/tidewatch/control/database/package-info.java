/**
 * Control state in PostgreSQL.
 *
 * <p>{@link dev.tidewatch.control.database.ControlDatabase} migrates as the tables' owner and works
 * as a role that owns nothing: row-level security, which is forced, shows it only rows of the
 * tenant that the transaction names. {@link dev.tidewatch.control.database.TenantTransaction} is
 * such a transaction; there is no other way to a connection.
 */
@NullMarked
package dev.tidewatch.control.database;

import org.jspecify.annotations.NullMarked;
