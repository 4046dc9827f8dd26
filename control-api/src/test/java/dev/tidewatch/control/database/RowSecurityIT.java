package dev.tidewatch.control.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.embedded.junit.PostgresExtension;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Tenants do not see each other, table by table. The tables and a row for each are generated from
 * PostgreSQL's own catalogue, so that a new table is held to it too.
 */
class RowSecurityIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  /** Tables that operators read across tenants. */
  private static final Set<String> SYSTEM_READS =
      Set.of(
          "tenants",
          "retention",
          "quotas",
          "enrolment_tokens",
          "agents",
          "agent_commands",
          "agent_configurations",
          "ingest_usage",
          "triage_states",
          "value_lists");

  /** Tables that only operators have rows in. */
  private static final Set<String> SYSTEM_ONLY =
      Set.of(
          "deletion_certificates",
          "published_keys",
          "rule_head",
          "rule_records",
          "rule_versions",
          "rule_changes",
          "rule_outbox");

  private static ControlDatabase database;
  private static List<String> tables;

  @BeforeAll
  static void fill() {
    database = LocalDatabases.open(POSTGRES.postgres());
    try (Handle superuser = superuser()) {
      tables =
          superuser
              .createQuery(
                  """
                  SELECT relname FROM pg_class
                  WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
                    AND relname <> 'flyway_schema_history' ORDER BY relname
                  """)
              .mapTo(String.class)
              .list();
      // Rows of acme and globex in every table; foreign keys are not what is tested here.
      superuser.execute("SET session_replication_role = replica");
      for (String table : tables) {
        for (String tenant : SYSTEM_ONLY.contains(table) ? List.of("system") : tenants()) {
          insertRow(superuser, table, tenant);
        }
      }
    }
  }

  private static List<String> tenants() {
    return List.of("acme", "globex");
  }

  private static Handle superuser() {
    return Jdbi.create(LocalDatabases.superuserUrl(POSTGRES.postgres())).open();
  }

  private static void insertRow(Handle handle, String table, String tenant) {
    Map<String, String> values = new LinkedHashMap<>();
    handle
        .createQuery(
            """
            SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
            WHERE a.attrelid = CAST(:table AS regclass) AND a.attnum > 0 AND a.attidentity = ''
              AND a.attnotnull AND NOT a.atthasdef ORDER BY a.attnum
            """)
        .bind("table", table)
        .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(column -> values.put(column.getKey(), value(table, column, tenant)));
    handle.execute(
        "INSERT INTO %s (%s) VALUES (%s)"
            .formatted(
                table, String.join(", ", values.keySet()), String.join(", ", values.values())));
  }

  /** A value that the column's checks take. */
  private static String value(String table, Map.Entry<String, String> column, String tenant) {
    Map<String, String> known =
        Map.of(
            "tenant_id", tenant,
            "role", "viewer",
            "kind", "secret",
            "table_name", "events",
            "outcome", "changed",
            "verdict", "open",
            "stage", "live",
            "hash", "0".repeat(64));
    String name = table.equals("quotas") && column.getKey().equals("name") ? "users" : "value";
    return switch (column.getValue()) {
      case "text" -> "'" + known.getOrDefault(column.getKey(), name) + "'";
      case "text[]" -> "'{}'";
      case "uuid" -> "gen_random_uuid()";
      case "timestamp with time zone" -> "now()";
      case "date" -> "current_date";
      case "boolean" -> "false";
      case "bytea" -> "sha256('" + tenant + "')";
      default -> "1";
    };
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void everyTableIsAGuardedTenantTable() {
    assertThat(tables).hasSizeGreaterThan(15).contains("tenants", "audit_log", "rule_outbox");
    try (Handle superuser = superuser()) {
      List<String> unguarded =
          superuser
              .createQuery(
                  """
                  SELECT relname FROM pg_class c
                  WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
                    AND relname <> 'flyway_schema_history'
                    AND NOT (relrowsecurity AND relforcerowsecurity
                      AND EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = c.oid AND attname = 'tenant_id' AND attnotnull))
                  """)
              .mapTo(String.class)
              .list();
      assertThat(unguarded).isEmpty();
    }
  }

  @TestFactory
  Stream<DynamicTest> withoutATenantNoRowIsSeen() {
    return tables.stream()
        .map(
            table ->
                DynamicTest.dynamicTest(
                    table,
                    () -> {
                      assertThat(database.<Long>withoutTenant(handle -> count(handle, table)))
                          .isZero();
                      assertThat(rowsOf("", table)).isEmpty();
                    }));
  }

  @TestFactory
  Stream<DynamicTest> aTenantSeesItsRowsAndNoOthers() {
    return tables.stream()
        .filter(table -> !SYSTEM_ONLY.contains(table))
        .map(
            table ->
                DynamicTest.dynamicTest(
                    table,
                    () -> {
                      assertThat(rowsOf("acme", table)).containsExactly("acme");
                      assertThat(rowsOf("globex", table)).containsExactly("globex");
                      assertThat(rowsOf("nobody", table)).isEmpty();
                      assertThat(rowsOf("' OR true --", table)).isEmpty();
                      assertThat(rowsOf("system", table))
                          .hasSize(SYSTEM_READS.contains(table) ? 2 : 0);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> aTenantChangesNoOthersRows() {
    return tables.stream()
        .map(
            table ->
                DynamicTest.dynamicTest(
                    table,
                    () -> {
                      for (String change :
                          List.of(
                              "UPDATE "
                                  + table
                                  + " SET tenant_id = 'acme' WHERE tenant_id = 'globex'",
                              "DELETE FROM " + table + " WHERE tenant_id = 'globex'")) {
                        assertThat(changed("acme", change)).as(change).isZero();
                      }
                      assertThat(changed("acme", copyInto(table, "globex"))).isZero();
                    }));
  }

  @TestFactory
  Stream<DynamicTest> theOwnerIsBoundToo() {
    DatabaseEndpoint role = LocalDatabases.options(POSTGRES.postgres()).owner();
    Jdbi owner = Jdbi.create(role.url(), role.user(), role.password());
    return tables.stream()
        .map(
            table ->
                DynamicTest.dynamicTest(
                    table,
                    () ->
                        assertThat(owner.<Long, RuntimeException>withHandle(h -> count(h, table)))
                            .isZero()));
  }

  @Test
  void aTransactionsTenantEndsWithIt() {
    assertThat(rowsOf("acme", "users")).hasSize(1);
    for (int connection = 0; connection < 20; connection++) {
      assertThat(database.<Long>withoutTenant(handle -> count(handle, "users"))).isZero();
    }
  }

  @Test
  void aRoleThatLooksPastPoliciesIsRefused() {
    DatabaseOptions options = LocalDatabases.options(POSTGRES.postgres());
    String url = options.application().url();
    String superuserUrl = LocalDatabases.superuserUrl(POSTGRES.postgres());
    String password = superuserUrl.substring(superuserUrl.lastIndexOf('=') + 1);
    DatabaseOptions superuser =
        DatabaseOptions.of(new DatabaseEndpoint(url, "postgres", password), options.owner());
    assertThatThrownBy(() -> ControlDatabase.open(superuser))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("control.database.user");
    assertThatThrownBy(() -> DatabaseOptions.of(options.owner(), options.owner()))
        .hasMessageContaining("control.database.user");
  }

  private static long count(Handle handle, String table) {
    return handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one();
  }

  private static List<String> rowsOf(String tenant, String table) {
    return database.inTenant(
        tenant,
        transaction ->
            transaction
                .handle()
                .createQuery("SELECT tenant_id FROM " + table + " ORDER BY 1")
                .mapTo(String.class)
                .list());
  }

  /** Rows that a change touched; one that is not allowed at all touches none. */
  private static int changed(String tenant, String sql) {
    try {
      return database.inTenant(tenant, transaction -> transaction.handle().execute(sql));
    } catch (RuntimeException refused) {
      assertThat(ControlDatabase.violates(refused, "42501")).as("%s: %s", sql, refused).isTrue();
      return 0;
    }
  }

  /** An insert of the tenant's own row under another tenant's name. */
  private static String copyInto(String table, String tenant) {
    try (Handle superuser = superuser()) {
      List<String> columns =
          new ArrayList<>(
              superuser
                  .createQuery(
                      "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND attidentity = ''")
                  .bind("table", table)
                  .mapTo(String.class)
                  .list());
      String values =
          columns.stream()
              .map(column -> column.equals("tenant_id") ? "'" + tenant + "'" : column)
              .collect(Collectors.joining(", "));
      return "INSERT INTO %s (%s) SELECT %s FROM %s"
          .formatted(table, String.join(", ", columns), values, table);
    }
  }
}
