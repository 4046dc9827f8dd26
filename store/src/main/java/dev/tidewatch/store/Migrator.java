package dev.tidewatch.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies migrations in order and keeps in {@code schema_migrations} which were applied, with their
 * checksums.
 *
 * <p>Two migrators at once do no harm: each statement can be repeated, and both write the same row.
 */
final class Migrator {
  private static final Logger LOG = LoggerFactory.getLogger(Migrator.class);
  private static final String TABLE = "schema_migrations";
  private static final List<String> COLUMNS = List.of("version", "name", "checksum");

  private final Server server;
  private final List<Migration> migrations;

  Migrator(Server server, List<Migration> migrations) {
    this.server = server;
    this.migrations = migrations;
  }

  AppliedMigrations migrate() {
    createDatabase();
    Map<Integer, Applied> before = applied();
    refuseChanged(before);
    List<String> done = new ArrayList<>();
    for (Migration migration : migrations) {
      if (!before.containsKey(migration.version())) {
        apply(migration);
        done.add(migration.name());
      }
    }
    return new AppliedMigrations(done, applied().values().stream().map(Applied::name).toList());
  }

  private void createDatabase() {
    for (String sql :
        List.of(
            "CREATE DATABASE IF NOT EXISTS ${database} ${on_cluster}",
            """
            CREATE TABLE IF NOT EXISTS ${database}.schema_migrations ${on_cluster} (
              version UInt32 COMMENT 'Number of the migration',
              name String COMMENT 'Name of the migration, e.g. V001__events',
              checksum String COMMENT 'SHA-256 of its text, 64 hex digits',
              applied_time DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When it was applied'
            )
            ENGINE = ${replacing_merge_tree}
            ORDER BY version
            COMMENT 'Migrations that this database has'""")) {
      for (String statement : new Migration("V000__migrations", sql).statements(variables())) {
        server.execute("create the database", statement, new QueryParameters(), "default");
      }
    }
  }

  private void refuseChanged(Map<Integer, Applied> before) {
    for (Migration migration : migrations) {
      Applied applied = before.get(migration.version());
      if (applied == null) {
        continue;
      }
      if (!applied.name.equals(migration.name())
          || !applied.checksum.equals(migration.checksum())) {
        throw new MigrationRefusedException(
            "migration "
                + migration.name()
                + " is not the "
                + applied.name
                + " that database "
                + server.endpoint().database()
                + " has: applied with checksum "
                + applied.checksum
                + ", now "
                + migration.checksum()
                + ". Applied migrations do not change; put the change into a new one");
      }
    }
  }

  private void apply(Migration migration) {
    LOG.info("Applying migration {} to {}", migration.name(), server.endpoint());
    for (String statement : migration.statements(variables())) {
      server.execute(
          "migration " + migration.name(),
          statement,
          new QueryParameters(),
          server.endpoint().database());
    }
    RowBinaryBuffer row = new RowBinaryBuffer();
    row.int32(migration.version());
    row.string(migration.name());
    row.string(migration.checksum());
    try (InsertChannel channel = server.newChannel()) {
      channel.insert(TABLE, COLUMNS, row);
    }
  }

  private Map<Integer, Applied> applied() {
    Map<Integer, Applied> byVersion = new LinkedHashMap<>();
    server
        .query(
            "read applied migrations",
            "SELECT version, name, checksum FROM schema_migrations FINAL ORDER BY version",
            new QueryParameters(),
            in -> new Applied(in.int32(), in.string(), in.string()))
        .forEach(row -> byVersion.put(row.version, row));
    return byVersion;
  }

  private Map<String, String> variables() {
    String cluster = server.options().cluster();
    return Map.of(
        "database", server.endpoint().database(),
        "on_cluster", cluster.isEmpty() ? "" : "ON CLUSTER " + cluster,
        "replacing_merge_tree",
            cluster.isEmpty() ? "ReplacingMergeTree" : "ReplicatedReplacingMergeTree",
        "aggregating_merge_tree",
            cluster.isEmpty() ? "AggregatingMergeTree" : "ReplicatedAggregatingMergeTree");
  }

  private record Applied(int version, String name, String checksum) {}
}
