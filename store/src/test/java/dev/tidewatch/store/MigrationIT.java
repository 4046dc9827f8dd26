package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.events.OcsfEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Migrations on a real ClickHouse; every test is a database of its own. */
class MigrationIT {
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();

  private ClickHouseEndpoint endpoint;
  private Server server;

  @BeforeEach
  void nameDatabase(TestInfo test) {
    endpoint =
        ClickHouseEndpoint.of(CLICKHOUSE.url())
            .withDatabase(test.getTestMethod().orElseThrow().getName());
    server = new Server(endpoint, StoreOptions.defaults());
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void secondMigrationDoesNothing() {
    List<String> names = Migration.all().stream().map(Migration::name).toList();
    assertThat(migrate()).isEqualTo(new AppliedMigrations(names, names));
    assertThat(migrate()).isEqualTo(new AppliedMigrations(List.of(), names));
  }

  @Test
  void concurrentMigratorsEndWithOneSchema() throws Exception {
    int migrators = 4;
    CyclicBarrier together = new CyclicBarrier(migrators);
    ExecutorService threads = Executors.newFixedThreadPool(migrators);
    try {
      List<Future<AppliedMigrations>> results = new ArrayList<>();
      for (int i = 0; i < migrators; i++) {
        results.add(
            threads.submit(
                () -> {
                  together.await(10, TimeUnit.SECONDS);
                  return migrate();
                }));
      }
      for (Future<AppliedMigrations> result : results) {
        assertThat(result.get(60, TimeUnit.SECONDS).current()).hasSize(Migration.all().size());
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(migrate().applied()).isEmpty();
  }

  @Test
  void changedMigrationIsRefusedByName() {
    migrate();
    List<Migration> changed = new ArrayList<>(Migration.all());
    Migration alerts = changed.get(1);
    changed.set(1, new Migration(alerts.name(), alerts.sql() + "\n-- a harmless comment\n"));
    assertThatExceptionOfType(MigrationRefusedException.class)
        .isThrownBy(() -> new Migrator(server, changed).migrate())
        .withMessageContaining(alerts.name())
        .withMessageContaining(alerts.checksum())
        .withMessageContaining(endpoint.database());
  }

  @Test
  void renumberedMigrationIsRefusedByName() {
    migrate();
    List<Migration> changed = new ArrayList<>(Migration.all());
    changed.set(0, new Migration("V001__other", changed.get(0).sql()));
    assertThatExceptionOfType(MigrationRefusedException.class)
        .isThrownBy(() -> new Migrator(server, changed).migrate())
        .withMessageContaining("V001__other")
        .withMessageContaining("V001__events");
  }

  @Test
  void refusedMigrationLeavesLaterOnesUnapplied() {
    List<Migration> first = Migration.all().subList(0, 1);
    new Migrator(server, first).migrate();
    List<Migration> changed = new ArrayList<>(Migration.all());
    changed.set(0, new Migration("V001__events", "SELECT 1;"));
    assertThatExceptionOfType(MigrationRefusedException.class)
        .isThrownBy(() -> new Migrator(server, changed).migrate());
    assertThat(tables()).containsExactly("events", "schema_migrations");
  }

  @Test
  void migrationThatFailedHalfwayIsAppliedWhenRepaired() {
    List<Migration> broken =
        List.of(
            new Migration(
                "V001__t",
                "CREATE TABLE IF NOT EXISTS ${database}.t (a Int8) ENGINE = Memory;\nSELECT nope;"));
    assertThatExceptionOfType(StoreRejectedException.class)
        .isThrownBy(() -> new Migrator(server, broken).migrate())
        .withMessageContaining("V001__t");
    Migration repaired =
        new Migration(
            "V001__t", "CREATE TABLE IF NOT EXISTS ${database}.t (a Int8) ENGINE = Memory;");
    assertThat(new Migrator(server, List.of(repaired)).migrate().applied())
        .containsExactly("V001__t");
  }

  @Test
  void databaseOfANewerProgramIsLeftAsItIs() {
    migrate();
    List<Migration> older = Migration.all().subList(0, 2);
    AppliedMigrations result = new Migrator(server, older).migrate();
    assertThat(result.applied()).isEmpty();
    assertThat(result.current()).hasSize(Migration.all().size());
  }

  @Test
  void everyOcsfColumnHasItsColumn() {
    migrate();
    Map<String, SchemaPage.Column> columns =
        SchemaPage.columns(server).stream()
            .filter(column -> column.table().equals("events"))
            .collect(Collectors.toMap(SchemaPage.Column::name, Function.identity()));
    for (OcsfEvent.Column expected : OcsfEvent.COLUMNS) {
      SchemaPage.Column column = columns.get(expected.columnName());
      assertThat(column).as(expected.name()).isNotNull();
      assertThat(column.comment()).startsWith("OCSF " + expected.name() + ": ");
      assertThat(column.type())
          .as(expected.name())
          .isIn(
              expected.type() == OcsfEvent.Type.INT
                  ? List.of("Nullable(Int64)")
                  : List.of("String", "LowCardinality(String)"));
    }
    assertThat(columns.values().stream().filter(c -> c.comment().matches("OCSF [a-z0-9_.]+: .*")))
        .as("columns of the OCSF kind")
        .hasSize(OcsfEvent.COLUMNS.size());
  }

  @Test
  void everyTableAndColumnSaysWhatItIs() {
    migrate();
    assertThat(SchemaPage.columns(server))
        .isNotEmpty()
        .allSatisfy(
            column ->
                assertThat(column.comment()).as(column.table() + "." + column.name()).isNotBlank());
    assertThat(SchemaPage.tables(server))
        .hasSize(9)
        .allSatisfy(table -> assertThat(table.comment()).as(table.name()).isNotBlank());
  }

  /** {@code -Dtidewatch.docs.write=true} writes the page instead. */
  @Test
  void referencePageIsThatOfTheSchema() throws Exception {
    migrate();
    SchemaPage.verifyOrWrite(server);
  }

  private AppliedMigrations migrate() {
    try (ClickHouseStore store = ClickHouseStore.connect(endpoint)) {
      return store.migrate();
    }
  }

  private List<String> tables() {
    return SchemaPage.tables(server).stream().map(SchemaPage.Table::name).toList();
  }
}
