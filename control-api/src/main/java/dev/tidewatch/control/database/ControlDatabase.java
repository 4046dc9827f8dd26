package dev.tidewatch.control.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;

/** Control state: migrated when opened, and reached only in transactions of one tenant. */
public final class ControlDatabase implements AutoCloseable {
  /** The operators' tenant: what belongs to the installation as a whole. */
  public static final String SYSTEM = "system";

  private static final String MIGRATIONS = "classpath:dev/tidewatch/control/database/migrations";

  /** Classes of SQLSTATE: connection lost, no resources, operator intervention. */
  private static final List<String> AWAY = List.of("08", "53", "57");

  private final HikariDataSource pool;
  private final Jdbi jdbi;

  private ControlDatabase(HikariDataSource pool) {
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
    jdbi.registerArrayType(String.class, "text");
    jdbi.registerArrayType(java.util.UUID.class, "uuid");
    jdbi.getConfig(SqlStatements.class).setQueryTimeout(15);
  }

  /**
   * Brings the tables up to date and connects.
   *
   * @throws DatabaseUnavailableException when PostgreSQL cannot be reached
   * @throws IllegalStateException when the schema is not this program's, or the application's role
   *     could look past row-level security
   */
  public static ControlDatabase open(DatabaseOptions options) {
    migrate(options);
    HikariConfig config = new HikariConfig();
    config.setPoolName("tidewatch-control");
    config.setJdbcUrl(options.application().url());
    config.setUsername(options.application().user());
    config.setPassword(options.application().password());
    config.setMaximumPoolSize(options.connections());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(options.patience().toMillis());
    config.addDataSourceProperty("ApplicationName", "tidewatch-control");
    config.addDataSourceProperty("connectTimeout", "5");
    config.addDataSourceProperty("socketTimeout", "30");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    HikariDataSource pool;
    try {
      pool = new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw new DatabaseUnavailableException(
          "control.database.url: cannot connect as " + options.application(), e);
    }
    ControlDatabase database = new ControlDatabase(pool);
    try {
      database.requireHarmlessRole();
      return database;
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  private static void migrate(DatabaseOptions options) {
    DatabaseEndpoint owner = options.owner();
    try {
      Flyway.configure()
          .dataSource(owner.url(), owner.user(), owner.password())
          .locations(MIGRATIONS)
          .placeholders(Map.of("app_role", quoted(options.application().user())))
          .load()
          .migrate();
    } catch (FlywayException e) {
      if (causedBy(e, SQLTransientConnectionException.class) || connectionLost(e)) {
        throw new DatabaseUnavailableException("control.database: cannot connect as " + owner, e);
      }
      throw new IllegalStateException(
          "control.database: cannot bring the tables up to date as "
              + owner
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** A PostgreSQL identifier, whatever it holds. */
  private static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  private void requireHarmlessRole() {
    boolean harmful =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)
                          OR EXISTS (SELECT 1 FROM pg_class
                            WHERE relname = 'tenants' AND pg_has_role(current_user, relowner, 'MEMBER'))
                        """)
                    .mapTo(Boolean.class)
                    .one());
    if (harmful) {
      throw new IllegalStateException(
          "control.database.user: is a superuser, bypasses row-level security or owns the tables; tenants would not be kept apart");
    }
  }

  /**
   * Runs {@code work} in a transaction that sees {@code tenant}'s rows and no others.
   *
   * @throws DatabaseUnavailableException when PostgreSQL does not answer
   */
  public <T> T inTenant(String tenant, Function<TenantTransaction, T> work) {
    try {
      return jdbi.inTransaction(
          handle -> {
            TenantTransaction transaction = new TenantTransaction(tenant, handle);
            transaction.enter(tenant);
            return work.apply(transaction);
          });
    } catch (JdbiException e) {
      throw connectionLost(e)
          ? new DatabaseUnavailableException("the control database does not answer", e)
          : e;
    }
  }

  /** A handle without a tenant: for the test that it sees nothing. */
  <T> T withoutTenant(Function<Handle, T> work) {
    return jdbi.inTransaction(work::apply);
  }

  /** The constraint's violation, such as {@code 23505} for a name that is taken. */
  public static boolean violates(Throwable failure, String sqlState) {
    SQLException cause = sqlException(failure);
    return cause != null && sqlState.equals(cause.getSQLState());
  }

  private static boolean connectionLost(Throwable failure) {
    SQLException cause = sqlException(failure);
    String state = cause == null ? null : cause.getSQLState();
    return cause instanceof SQLTransientConnectionException
        || (state != null
            && AWAY.stream().anyMatch(state.toUpperCase(Locale.ROOT)::startsWith)
            // 57014 is a statement that took too long: the server is there.
            && !state.equals("57014"));
  }

  private static boolean causedBy(Throwable failure, Class<? extends Throwable> type) {
    return type.isInstance(sqlException(failure));
  }

  private static @Nullable SQLException sqlException(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }

  @Override
  public void close() {
    pool.close();
  }
}
