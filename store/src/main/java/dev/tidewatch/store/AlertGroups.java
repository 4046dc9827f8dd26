package dev.tidewatch.store;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertGroup;
import dev.tidewatch.control.v1.AlertGroupKey;
import dev.tidewatch.control.v1.AlertGrouping;
import dev.tidewatch.control.v1.GroupAlertsResponse;
import java.io.IOException;
import java.util.List;

/** The alerts of a filter by rule, host, user or technique. */
final class AlertGroups {
  private static final int MAX_TOP = 1000;

  private static final String MOST =
      """
      SELECT id, title_of, n, n - n_closed, top_level, first, last,
        count() OVER (), sum(n_first) OVER ()
      FROM (%s)
      ORDER BY n DESC, id LIMIT {limit:UInt32}
      """;

  /** A group, and what the database counted over all of them. */
  private record Counted(AlertGroup group, long groups, long alerts) {
    static Counted read(RowBinaryReader in) throws IOException {
      AlertGroup group =
          AlertGroup.newBuilder()
              .setId(in.string())
              .setName(in.string())
              .setCount(in.int64())
              .setOpen(in.int64())
              .setHighest(AlertRows.level(in))
              .setFirstSeenMs(AlertRows.millis(in))
              .setLastSeenMs(AlertRows.millis(in))
              .build();
      return new Counted(group, in.int64(), in.int64());
    }
  }

  private final Server server;
  private final String tenantId;
  private final AlertFilter filter;

  AlertGroups(Server server, String tenantId, AlertFilter filter) {
    this.server = server;
    this.tenantId = tenantId;
    this.filter = filter;
  }

  GroupAlertsResponse read(AlertGrouping by, int top) {
    int limit = QueryLimits.between("top", top == 0 ? 50 : top, 1, MAX_TOP);
    return CountedRange.plain(filter)
        ? server.counted().read(tenantId, days -> read(by, limit, new CountedRange(days, filter)))
        : read(by, limit, new CountedRange(List.of(), filter));
  }

  private GroupAlertsResponse read(AlertGrouping by, int limit, CountedRange range) {
    Condition condition = AlertConditions.of(tenantId, filter);
    condition.parameters().number("limit", limit);
    String groups =
        range.isEmpty()
            ? groups(by, "alerts FINAL WHERE " + condition.sql())
            : groups(by, range, condition);
    List<Counted> found =
        server.query("group alerts", MOST.formatted(groups), condition.parameters(), Counted::read);
    GroupAlertsResponse.Builder response = GroupAlertsResponse.newBuilder();
    found.forEach(counted -> response.addGroups(counted.group));
    if (!found.isEmpty()) {
      response.setTotalGroups(found.get(0).groups).setTotal(found.get(0).alerts);
    }
    return response.build();
  }

  /** An alert without the thing is in the group without a name; one with several is in each. */
  private static String groups(AlertGrouping by, String alerts) {
    String first =
        by == AlertGrouping.ALERT_GROUPING_TECHNIQUE
            ? "countIf(id = if(empty(technique_ids), '', technique_ids[1]))"
            : "count()";
    String name = by == AlertGrouping.ALERT_GROUPING_RULE ? "argMax(title, time)" : "''";
    return """
        SELECT %s AS id, %s AS title_of, count() AS n, %s AS n_first, countIf(%s) AS n_closed,
          CAST(max(level), 'Int8') AS top_level, min(time) AS first, max(time) AS last
        FROM %s GROUP BY id
        """
        .formatted(id(by), name, first, AlertTriageCondition.CLOSED, alerts);
  }

  /**
   * With counts for some days. What is closed is read from the alerts, for it changes: those with a
   * verdict are few, and their ids are of the sorting key, so that they may be asked for before
   * versions are merged.
   */
  private static String groups(AlertGrouping by, CountedRange range, Condition condition) {
    range.parameters(condition);
    String columns = "alert_id, rule_id, title, host, user, technique_ids, level, time";
    return """
        SELECT id, argMaxIf(title_of_some, last_some, some > 0) AS title_of, sum(some) AS n,
          sum(some_first) AS n_first, sum(some_closed) AS n_closed, toInt8(max(top_some)) AS top_level,
          minIf(first_some, some > 0) AS first, maxIf(last_some, some > 0) AS last
        FROM (
          SELECT id, title_of AS title_of_some, n AS some, n_first AS some_first, n_closed AS some_closed,
            top_level AS top_some, first AS first_some, last AS last_some FROM (%s)
          UNION ALL
          SELECT name, argMax(title, last_time), sum(alerts), sum(firsts), 0,
            CAST(max(level), 'Int8'), min(first_time), max(last_time)
          FROM alert_counts WHERE %s GROUP BY name
          UNION ALL
          SELECT %s AS id, '', 0, 0, count(), 0, min(time), max(time)
          FROM alerts FINAL PREWHERE tenant_id = {tenant:String} AND %s WHERE %s AND %s GROUP BY id
        )
        GROUP BY id
        """
        .formatted(
            groups(by, range.uncounted(columns, condition)),
            range.counts(kind(by)),
            id(by),
            AlertTriageCondition.CLOSED,
            condition.sql(),
            CountedRange.counted());
  }

  private static String kind(AlertGrouping by) {
    return switch (by) {
      case ALERT_GROUPING_RULE -> "rule";
      case ALERT_GROUPING_HOST -> "host";
      case ALERT_GROUPING_USER -> "user";
      default -> "technique";
    };
  }

  /** The alerts that {@code key}'s group counts. */
  static void add(Condition condition, AlertGroupKey key) {
    condition.and(
        key.getBy() != AlertGrouping.ALERT_GROUPING_TECHNIQUE
            ? id(key.getBy()) + " = {in_group:String}"
            : key.getId().isEmpty()
                ? "empty(technique_ids)"
                : "has(technique_ids, {in_group:String})");
    condition.parameters().string("in_group", QueryLimits.text("in_group", key.getId()));
  }

  private static String id(AlertGrouping by) {
    return switch (by) {
      case ALERT_GROUPING_RULE -> "rule_id";
      case ALERT_GROUPING_HOST -> "host";
      case ALERT_GROUPING_USER -> "user";
      case ALERT_GROUPING_TECHNIQUE ->
          "arrayJoin(if(empty(technique_ids), [''], arrayDistinct(technique_ids)))";
      default ->
          throw new IllegalArgumentException(
              "by must be ALERT_GROUPING_RULE to ALERT_GROUPING_TECHNIQUE");
    };
  }
}
