package dev.tidewatch.control.alert;

import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.ListRuleVerdictsResponse;
import dev.tidewatch.control.v1.RuleVerdicts;
import dev.tidewatch.control.v1.Triage;
import dev.tidewatch.control.v1.TriageEvent;
import dev.tidewatch.control.v1.Verdict;
import dev.tidewatch.store.AlertQueries.RaisedBy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Dispositions and assignments: events beside the alerts, the newest of which is an alert's state.
 */
final class AlertTriage {
  /** What was said last about an alert. */
  private record State(Verdict verdict, String assignee) {}

  private final ControlDatabase database;

  AlertTriage(ControlDatabase database) {
    this.database = database;
  }

  static void dispose(Change change, Map<UUID, RaisedBy> alerts, Verdict verdict, String comment) {
    PreparedBatch batch =
        change
            .transaction()
            .handle()
            .prepareBatch(
                """
                INSERT INTO dispositions (tenant_id, disposition_id, alert_id, rule_id, rule_version,
                  verdict, comment, author, at)
                VALUES (:tenant, :id, :alert, :rule, :version, :verdict, :comment, :author, :now)
                """);
    alerts.forEach(
        (alert, rule) ->
            batch
                .bind("tenant", change.transaction().tenant())
                .bind("id", UUID.randomUUID())
                .bind("alert", alert)
                .bind("rule", rule.ruleId())
                .bind("version", rule.version())
                .bind("verdict", name(verdict))
                .bind("comment", comment)
                .bind("author", change.principal().actor())
                .bind("now", change.at())
                .add());
    batch.execute();
  }

  static void assign(Change change, Collection<UUID> alerts, String assignee) {
    PreparedBatch batch =
        change
            .transaction()
            .handle()
            .prepareBatch(
                """
                INSERT INTO assignments (tenant_id, assignment_id, alert_id, assignee, author, at)
                VALUES (:tenant, :id, :alert, :assignee, :author, :now)
                """);
    for (UUID alert : alerts) {
      batch
          .bind("tenant", change.transaction().tenant())
          .bind("id", UUID.randomUUID())
          .bind("alert", alert)
          .bind("assignee", assignee)
          .bind("author", change.principal().actor())
          .bind("now", change.at())
          .add();
    }
    batch.execute();
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

  /** The rows with their verdicts and assignees. */
  List<AlertRow> withState(String tenant, List<AlertRow> rows) {
    if (rows.isEmpty()) {
      return rows;
    }
    UUID[] ids = rows.stream().map(row -> FieldChecks.uuid(row.getAlertId())).toArray(UUID[]::new);
    Map<String, State> states = database.inTenant(tenant, tx -> states(tx, ids));
    return rows.stream().map(row -> withState(row, states.get(row.getAlertId()))).toList();
  }

  private static AlertRow withState(AlertRow row, @Nullable State state) {
    return state == null
        ? row
        : row.toBuilder().setVerdict(state.verdict()).setAssignee(state.assignee()).build();
  }

  private static Map<String, State> states(TenantTransaction transaction, UUID[] ids) {
    Map<String, State> states = new HashMap<>();
    transaction
        .query(
            """
            SELECT id::text, d.verdict, a.assignee FROM unnest(:ids) AS id
            LEFT JOIN LATERAL (SELECT verdict FROM dispositions
              WHERE tenant_id = :tenant AND alert_id = id ORDER BY ordinal DESC LIMIT 1) d ON true
            LEFT JOIN LATERAL (SELECT assignee FROM assignments
              WHERE tenant_id = :tenant AND alert_id = id ORDER BY ordinal DESC LIMIT 1) a ON true
            WHERE d.verdict IS NOT NULL OR a.assignee IS NOT NULL
            """)
        .bindArray("ids", UUID.class, (Object[]) ids)
        .map((row, context) -> Map.entry(row.getString(1), state(row)))
        .forEach(row -> states.put(row.getKey(), row.getValue()));
    return states;
  }

  private static State state(ResultSet row) throws SQLException {
    String assignee = row.getString(3);
    return new State(verdict(row.getString(2)), assignee == null ? "" : assignee);
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
            SELECT at, author, verdict, comment, NULL AS assignee, ordinal FROM dispositions
            WHERE tenant_id = :tenant AND alert_id = :alert
            UNION ALL
            SELECT at, author, NULL, NULL, assignee, ordinal FROM assignments
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
      event.getAssignmentBuilder().setAssignee(row.getString(5));
    } else {
      event.getDispositionBuilder().setVerdict(verdict(verdict)).setComment(row.getString(4));
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
                        FROM (SELECT DISTINCT ON (alert_id) rule_id, verdict FROM dispositions
                          WHERE tenant_id = :tenant AND (:rule = '' OR rule_id = :rule)
                          ORDER BY alert_id, ordinal DESC) newest
                        WHERE verdict <> 'open' GROUP BY rule_id ORDER BY rule_id
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

  private static String name(Verdict verdict) {
    return verdict.name().substring("VERDICT_".length()).toLowerCase(Locale.ROOT);
  }

  private static Verdict verdict(@Nullable String name) {
    return name == null
        ? Verdict.VERDICT_UNSPECIFIED
        : Verdict.valueOf("VERDICT_" + name.toUpperCase(Locale.ROOT));
  }
}
