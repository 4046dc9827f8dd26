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
    Condition condition = AlertConditions.of(tenantId, filter);
    condition
        .parameters()
        .number("limit", QueryLimits.between("top", top == 0 ? 50 : top, 1, MAX_TOP));
    List<Counted> groups =
        server.query("group alerts", sql(by, condition), condition.parameters(), Counted::read);
    GroupAlertsResponse.Builder response = GroupAlertsResponse.newBuilder();
    groups.forEach(counted -> response.addGroups(counted.group));
    if (!groups.isEmpty()) {
      response.setTotalGroups(groups.get(0).groups).setTotal(groups.get(0).alerts);
    }
    return response.build();
  }

  /** An alert without the thing is in the group without a name; one with several is in each. */
  private static String sql(AlertGrouping by, Condition condition) {
    String first =
        by == AlertGrouping.ALERT_GROUPING_TECHNIQUE
            ? "countIf(id = if(empty(technique_ids), '', technique_ids[1]))"
            : "count()";
    String name = by == AlertGrouping.ALERT_GROUPING_RULE ? "argMax(title, time)" : "''";
    return """
        SELECT id, name, alerts, open, highest, began, ended,
          count() OVER (), sum(firsts) OVER ()
        FROM (
          SELECT %s AS id, %s AS name, count() AS alerts, %s AS firsts, countIf(NOT (%s)) AS open,
            max(level) AS highest, min(time) AS began, max(time) AS ended
          FROM alerts FINAL WHERE %s GROUP BY id
        )
        ORDER BY alerts DESC, id LIMIT {limit:UInt32}
        """
        .formatted(id(by), name, first, AlertTriageCondition.CLOSED, condition.sql());
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
