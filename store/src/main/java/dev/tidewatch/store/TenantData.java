package dev.tidewatch.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What is done to all rows of a tenant at once: they grow old, or go. */
public final class TenantData {
  /** What a tenant id is; nothing else gets into a statement. */
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private static final String OLDEST_DAYS_ERROR = "retention must be from 1 to 3650 days";

  private final Server server;

  TenantData(Server server) {
    this.server = server;
  }

  /**
   * Lets ClickHouse delete rows of {@code table} when they are older than their tenant keeps them.
   * Tenants that are not named keep theirs. Replaces what was set before; rows go in the
   * background.
   *
   * @param table {@code events} or {@code alerts}
   * @param days by tenant, 1 to 3650
   */
  public void retain(String table, SortedMap<String, Integer> days) {
    if (!List.of("events", "alerts").contains(table)) {
      throw new IllegalArgumentException("no retention for table " + table);
    }
    if (days.values().stream().anyMatch(value -> value < 1 || value > 3650)) {
      throw new IllegalArgumentException(OLDEST_DAYS_ERROR);
    }
    age(table, days);
    if (table.equals("alerts")) {
      age("alert_places", days);
    }
  }

  private void age(String table, SortedMap<String, Integer> days) {
    server.execute(
        "set retention of " + table,
        "ALTER TABLE "
            + table
            + cluster()
            + " MODIFY TTL "
            + (days.isEmpty()
                ? "toDateTime(time) + toIntervalDay(3650) DELETE WHERE tenant_id = ''"
                : expression(days)),
        new QueryParameters(),
        server.endpoint().database());
  }

  private static String expression(SortedMap<String, Integer> days) {
    String cases =
        days.entrySet().stream()
            .map(entry -> "tenant_id = " + literal(entry.getKey()) + ", " + entry.getValue())
            .collect(Collectors.joining(", "));
    String tenants =
        days.keySet().stream().map(TenantData::literal).collect(Collectors.joining(", "));
    return "toDateTime(time) + toIntervalDay(multiIf(%s, 3650)) DELETE WHERE tenant_id IN (%s)"
        .formatted(cases, tenants);
  }

  /**
   * Deletes every row of a tenant from every table that has tenants, and waits until they are gone
   * from the disk.
   *
   * @return rows that went, by table
   */
  public Map<String, Long> delete(String tenant) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String table : tables()) {
      counts.put(table, count(table, tenant));
      server.execute(
          "delete a tenant from " + table,
          "ALTER TABLE `%s`%s DELETE WHERE tenant_id = %s SETTINGS mutations_sync = 2"
              .formatted(table, cluster(), literal(tenant)),
          new QueryParameters(),
          server.endpoint().database());
    }
    return counts;
  }

  /** What is made from another table goes after it, so that it is not made again. */
  private List<String> tables() {
    return server.query(
        "list tables with tenants",
        """
        SELECT name FROM system.tables
        WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND NOT is_temporary
          AND name IN (SELECT table FROM system.columns
            WHERE database = currentDatabase() AND name = 'tenant_id')
        ORDER BY name LIKE 'alert_count%', name
        """,
        new QueryParameters(),
        RowBinaryReader::string);
  }

  private long count(String table, String tenant) {
    return server
        .query(
            "count a tenant in " + table,
            "SELECT count() FROM `%s` WHERE tenant_id = %s".formatted(table, literal(tenant)),
            new QueryParameters(),
            RowBinaryReader::int64)
        .get(0);
  }

  private String cluster() {
    String cluster = server.options().cluster();
    return cluster.isEmpty() ? "" : " ON CLUSTER " + cluster;
  }

  private static String literal(String tenant) {
    if (!TENANT.matcher(tenant).matches()) {
      throw new IllegalArgumentException("not a tenant id: " + tenant);
    }
    return "'" + tenant + "'";
  }
}
