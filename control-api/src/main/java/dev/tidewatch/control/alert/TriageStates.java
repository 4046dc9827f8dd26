package dev.tidewatch.control.alert;

import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.TriageChange;
import dev.tidewatch.control.v1.Verdict;
import dev.tidewatch.store.AlertQueries.RaisedBy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * How alerts stand: the table {@code triage_states}, a row for each alert that was ever triaged.
 */
final class TriageStates {
  private static final String COLUMNS =
      "alert_id, verdict, reason, author, decided_at, assignee, changed_by, changed_at";

  private final ControlDatabase database;

  TriageStates(ControlDatabase database) {
    this.database = database;
  }

  /**
   * Holds the states of {@code alerts} against other changes and says what they are; alerts that
   * were never triaged are left out. Always in the order of ids, so that two bulk changes wait for
   * one another and do not deadlock.
   */
  static Map<UUID, TriageChange> hold(TenantTransaction transaction, Collection<UUID> alerts) {
    Map<UUID, TriageChange> states = new HashMap<>();
    transaction
        .query(
            "SELECT "
                + COLUMNS
                + " FROM triage_states WHERE tenant_id = :tenant AND alert_id = ANY(:ids)"
                + " ORDER BY alert_id FOR UPDATE")
        .bindArray("ids", UUID.class, alerts.toArray())
        .map((row, context) -> state(row))
        .forEach(state -> states.put(UUID.fromString(state.getAlertId()), state));
    return states;
  }

  static void dispose(
      Change change, SortedMap<UUID, RaisedBy> alerts, String verdict, String reason) {
    PreparedBatch batch =
        change
            .transaction()
            .handle()
            .prepareBatch(
                """
                INSERT INTO triage_states AS s (tenant_id, alert_id, rule_id, verdict, reason, author,
                  decided_at, changed_by, changed_at)
                VALUES (:tenant, :alert, :rule, :verdict, :reason, :author, :now, :author, :now)
                ON CONFLICT (tenant_id, alert_id) DO UPDATE SET rule_id = excluded.rule_id,
                  verdict = excluded.verdict, reason = excluded.reason, author = excluded.author,
                  decided_at = excluded.decided_at, changed_by = excluded.changed_by,
                  changed_at = excluded.changed_at, revision = s.revision + 1,
                  changed_in = pg_current_xact_id(), mirrored = false
                """);
    alerts.forEach(
        (alert, rule) ->
            of(batch, change, alert, rule).bind("verdict", verdict).bind("reason", reason).add());
    batch.execute();
  }

  static void assign(Change change, SortedMap<UUID, RaisedBy> alerts, String assignee) {
    PreparedBatch batch =
        change
            .transaction()
            .handle()
            .prepareBatch(
                """
                INSERT INTO triage_states AS s (tenant_id, alert_id, rule_id, assignee, changed_by,
                  changed_at)
                VALUES (:tenant, :alert, :rule, :assignee, :author, :now)
                ON CONFLICT (tenant_id, alert_id) DO UPDATE SET rule_id = excluded.rule_id,
                  assignee = excluded.assignee, changed_by = excluded.changed_by,
                  changed_at = excluded.changed_at, revision = s.revision + 1,
                  changed_in = pg_current_xact_id(), mirrored = false
                """);
    alerts.forEach(
        (alert, rule) -> of(batch, change, alert, rule).bind("assignee", assignee).add());
    batch.execute();
  }

  private static PreparedBatch of(PreparedBatch batch, Change change, UUID alert, RaisedBy rule) {
    return batch
        .bind("tenant", change.transaction().tenant())
        .bind("alert", alert)
        .bind("rule", rule.ruleId())
        .bind("author", change.principal().actor())
        .bind("now", change.at());
  }

  /** The rows with how they stand. */
  List<AlertRow> with(String tenant, List<AlertRow> rows) {
    if (rows.isEmpty()) {
      return rows;
    }
    Object[] ids = rows.stream().map(row -> FieldChecks.uuid(row.getAlertId())).toArray();
    Map<String, TriageChange> states = new HashMap<>();
    database
        .inTenant(
            tenant,
            tx ->
                tx.query(
                        "SELECT "
                            + COLUMNS
                            + " FROM triage_states"
                            + " WHERE tenant_id = :tenant AND alert_id = ANY(:ids)")
                    .bindArray("ids", UUID.class, ids)
                    .map((row, context) -> state(row))
                    .list())
        .forEach(state -> states.put(state.getAlertId(), state));
    return rows.stream().map(row -> with(row, states.get(row.getAlertId()))).toList();
  }

  private static AlertRow with(AlertRow row, @Nullable TriageChange state) {
    return state == null
        ? row
        : row.toBuilder()
            .setVerdict(
                state.getVerdictMs() == 0 ? Verdict.VERDICT_UNSPECIFIED : state.getVerdict())
            .setVerdictReason(state.getVerdictReason())
            .setVerdictAuthor(state.getVerdictAuthor())
            .setVerdictMs(state.getVerdictMs())
            .setAssignee(state.getAssignee())
            .build();
  }

  /**
   * @param until the transaction before which nothing more can come
   */
  record Changed(List<TriageChange> changes, long until) {}

  /**
   * States that were changed by transactions from {@code from} on, at most {@code limit}, in that
   * order. A state that was changed again since comes once, as it is now. Nothing is skipped: of
   * transactions that are still under way, and of those after them, the next call tells.
   *
   * @param from 0 or less for none: only where changes begin from now on
   * @param limit above the most alerts that one transaction changes
   */
  Changed changedFrom(String tenant, long from, int limit) {
    return database.inTenant(tenant, tx -> changedFrom(tx, from, limit));
  }

  private static Changed changedFrom(TenantTransaction transaction, long from, int limit) {
    long until =
        transaction
            .handle()
            .createQuery("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
            .mapTo(Long.class)
            .one();
    if (from <= 0 || from >= until) {
      return new Changed(List.of(), until);
    }
    List<Map.Entry<TriageChange, Long>> found =
        transaction
            .query(
                "SELECT "
                    + COLUMNS
                    + ", changed_in::text FROM triage_states WHERE tenant_id = :tenant"
                    + " AND changed_in >= CAST(:from AS xid8) AND changed_in < CAST(:until AS xid8)"
                    + " ORDER BY changed_in, alert_id LIMIT :limit")
            .bind("from", Long.toString(from))
            .bind("until", Long.toString(until))
            .bind("limit", limit)
            .map((row, context) -> Map.entry(state(row), row.getLong(9)))
            .list();
    boolean more = found.size() == limit;
    return new Changed(
        found.stream().map(Map.Entry::getKey).toList(),
        more ? found.get(limit - 1).getValue() : until);
  }

  private static TriageChange state(ResultSet row) throws SQLException {
    Timestamp decided = row.getTimestamp(5);
    return TriageChange.newBuilder()
        .setAlertId(row.getString(1))
        .setVerdict(verdict(row.getString(2)))
        .setVerdictReason(row.getString(3))
        .setVerdictAuthor(row.getString(4))
        .setVerdictMs(decided == null ? 0 : decided.getTime())
        .setAssignee(row.getString(6))
        .setChangedBy(row.getString(7))
        .setChangedMs(row.getTimestamp(8).getTime())
        .build();
  }

  /** {@code true_positive} for {@code VERDICT_TRUE_POSITIVE}, as the database has it. */
  static String name(Verdict verdict) {
    return verdict.name().substring("VERDICT_".length()).toLowerCase(Locale.ROOT);
  }

  static Verdict verdict(String name) {
    return Verdict.valueOf("VERDICT_" + name.toUpperCase(Locale.ROOT));
  }
}
