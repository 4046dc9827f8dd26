package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code docs/reference/clickhouse-schema.md}, made from what a migrated database says of itself.
 */
final class SchemaPage {
  record Table(String name, String engine, String partition, String order, String comment) {
    static Table read(RowBinaryReader in) throws IOException {
      return new Table(in.string(), in.string(), in.string(), in.string(), in.string());
    }
  }

  record Column(String table, String name, String type, String comment) {
    static Column read(RowBinaryReader in) throws IOException {
      return new Column(in.string(), in.string(), in.string(), in.string());
    }
  }

  private static final String INTRODUCTION =
      """
      # ClickHouse schema

      The database is `tidewatch` unless the endpoint names another. This page is made from the migrations in
      `store/src/main/resources/dev/tidewatch/store/migrations` by `MigrationIT`; write it anew with
      `mvn -pl store verify -Dit.test=MigrationIT -Dtidewatch.docs.write=true`.

      Tables keep one row for each identity (their sorting key), but only once ClickHouse has merged: until then a redelivered row is
      there twice. Read with `FINAL`, as in `SELECT count() FROM tidewatch.events FINAL WHERE tenant_id = 'default'`.
      """;

  private SchemaPage() {}

  static List<Table> tables(Server server) {
    return server.query(
        "read tables",
        "SELECT name, engine_full, partition_key, sorting_key, comment FROM system.tables"
            + " WHERE database = {database:String} AND engine != 'MaterializedView' ORDER BY name",
        new QueryParameters().string("database", server.endpoint().database()),
        Table::read);
  }

  static List<Column> columns(Server server) {
    return server.query(
        "read columns",
        "SELECT table, name, type, comment FROM system.columns"
            + " WHERE database = {database:String} AND table IN (SELECT name FROM system.tables"
            + " WHERE database = {database:String} AND engine != 'MaterializedView')"
            + " ORDER BY table, position",
        new QueryParameters().string("database", server.endpoint().database()),
        Column::read);
  }

  static void verifyOrWrite(Server server) throws IOException {
    Path page = page();
    String expected = text(server);
    if (Boolean.getBoolean("tidewatch.docs.write")) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, expected);
    }
    assertThat(page).as("write it with -Dtidewatch.docs.write=true").hasContent(expected);
  }

  private static Path page() {
    Path module = Path.of("").toAbsolutePath();
    Path root = Files.isDirectory(module.resolve("store")) ? module : module.getParent();
    return root.resolve("docs/reference/clickhouse-schema.md");
  }

  private static String text(Server server) {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    List<Column> columns = columns(server);
    for (Table table : tables(server)) {
      text.append("\n## ")
          .append(table.name())
          .append("\n\n")
          .append(table.comment())
          .append(".\n\n");
      text.append("- Engine: `").append(engine(table)).append("`\n");
      if (!table.partition().isEmpty()) {
        text.append("- Partition: `").append(table.partition()).append("`\n");
      }
      text.append("- Identity and order: `").append(table.order()).append("`\n\n");
      text.append("| column | type | meaning |\n|---|---|---|\n");
      for (Column column : columns) {
        if (column.table().equals(table.name())) {
          text.append(
              "| `%s` | `%s` | %s |\n".formatted(column.name(), column.type(), column.comment()));
        }
      }
    }
    return text.toString();
  }

  private static String engine(Table table) {
    return table.engine().replaceAll(" (PARTITION|ORDER) BY .*", "");
  }
}
