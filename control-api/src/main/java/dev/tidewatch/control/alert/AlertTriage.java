package dev.tidewatch.control.alert;

import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.v1.ListRuleVerdictsResponse;
import dev.tidewatch.control.v1.RuleVerdicts;
import dev.tidewatch.control.v1.SetDispositionRequest;
import dev.tidewatch.control.v1.Triage;
import dev.tidewatch.control.v1.TriageEvent;
import dev.tidewatch.store.AlertQueries.RaisedBy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * What people say about alerts: dispositions and assignments, events that are never changed, and
 * beside them how each alert stands ({@link TriageStates}).
 */
final class AlertTriage {
  private final ControlDatabase database;

  AlertTriage(ControlDatabase database) {
    this.database = database;
  }

  static void dispose(
      Change change, SortedMap<UUID, RaisedBy> alerts, SetDispositionRequest request) {
    String verdict = TriageStates.name(request.getVerdict());
    PreparedBatch batch =
        change
            .transaction()
            .handle()
            .prepareBatch(
                """
                INSERT INTO dispositions (tenant_id, disposition_id, alert_id, rule_id, rule_version,
                  verdict, reason, comment, author, at)
                VALUES (:tenant, :id, :alert, :rule, :version, :verdict, :reason, :comment, :author, :now)
                """);
    alerts.forEach(
        (alert, rule) ->
            of(batch, change, alert)
                .bind("rule", rule.ruleId())
                .bind("version", rule.version())
                .bind("verdict", verdict)
                .bind("reason", request.getReason())
                .bind("comment", request.getComment())
                .add());
    batch.execute();
    TriageStates.dispose(change, alerts, verdict, request.getReason());
  }

  static void assign(Change change, SortedMap<UUID, RaisedBy> alerts, String assignee) {
    PreparedBatch batch =
        change
            .transaction()
            .handle()
            .prepareBatch(
                """
                INSERT INTO assignments (tenant_id, assignment_id, alert_id, assignee, author, at)
                VALUES (:tenant, :id, :alert, :assignee, :author, :now)
                """);
    alerts.keySet().forEach(alert -> of(batch, change, alert).bind("assignee", assignee).add());
    batch.execute();
    TriageStates.assign(change, alerts, assignee);
  }

  private static PreparedBatch of(PreparedBatch batch, Change change, UUID alert) {
    return batch
        .bind("tenant", change.transaction().tenant())
        .bind("id", UUID.randomUUID())
        .bind("alert", alert)
        .bind("author", change.principal().actor())
        .bind("now", change.at());
  }

  /** Whether alerts may be given to {@code name}: a user of the tenant that is not disabled. */
  static boolean isUser(TenantTransaction transaction, String name) {
    return transaction
        .query("SELECT 1 FROM users WHERE tenant_id = :tenant AND name = :name AND NOT disabled")
        .bind("name", name)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** What was said about one alert, oldest first. */
  Triage of(String tenant, UUID alert) {
    return database.inTenant(
        tenant,
        tx -> {
          Triage.Builder triage = Triage.newBuilder();
          events(tx, alert).forEach(event -> add(triage, event));
          return triage.build();
        });
  }

  private static void add(Triage.Builder triage, TriageEvent event) {
    triage.addEvents(event);
    if (event.hasDisposition()) {
      triage.setVerdict(event.getDisposition().getVerdict());
    } else {
      triage.setAssignee(event.getAssignment().getAssignee());
    }
  }

  private static List<TriageEvent> events(TenantTransaction transaction, UUID alert) {
    return transaction
        .query(
            """
            SELECT at, author, verdict, comment, reason, NULL AS assignee, ordinal FROM dispositions
            WHERE tenant_id = :tenant AND alert_id = :alert
            UNION ALL
            SELECT at, author, NULL, NULL, NULL, assignee, ordinal FROM assignments
            WHERE tenant_id = :tenant AND alert_id = :alert
            ORDER BY at, ordinal
            """)
        .bind("alert", alert)
        .map((row, context) -> event(row))
        .list();
  }

  private static TriageEvent event(ResultSet row) throws SQLException {
    TriageEvent.Builder event =
        TriageEvent.newBuilder()
            .setTimeMs(row.getTimestamp(1).getTime())
            .setAuthor(row.getString(2));
    String verdict = row.getString(3);
    if (verdict == null) {
      event.getAssignmentBuilder().setAssignee(row.getString(6));
    } else {
      event
          .getDispositionBuilder()
          .setVerdict(TriageStates.verdict(verdict))
          .setComment(row.getString(4))
          .setReason(row.getString(5));
    }
    return event.build();
  }

  /** Counts of the newest verdicts; of all rules when {@code ruleId} is empty. */
  ListRuleVerdictsResponse verdicts(String tenant, String ruleId) {
    List<RuleVerdicts> rules =
        database.inTenant(
            tenant,
            tx ->
                tx.query(
                        """
                        SELECT rule_id, count(*) FILTER (WHERE verdict = 'true_positive'),
                          count(*) FILTER (WHERE verdict = 'false_positive'),
                          count(*) FILTER (WHERE verdict = 'benign')
                        FROM triage_states
                        WHERE tenant_id = :tenant AND (:rule = '' OR rule_id = :rule) AND verdict <> 'open'
                        GROUP BY rule_id ORDER BY rule_id
                        """)
                    .bind("rule", ruleId)
                    .map(
                        (row, context) ->
                            RuleVerdicts.newBuilder()
                                .setRuleId(row.getString(1))
                                .setTruePositives(row.getLong(2))
                                .setFalsePositives(row.getLong(3))
                                .setBenign(row.getLong(4))
                                .build())
                    .list());
    return ListRuleVerdictsResponse.newBuilder().addAllRules(rules).build();
  }
}
