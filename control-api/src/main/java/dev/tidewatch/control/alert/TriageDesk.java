package dev.tidewatch.control.alert;

import dev.tidewatch.control.change.Changes;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.AlertServiceGrpc;
import dev.tidewatch.control.v1.AssignAlertsRequest;
import dev.tidewatch.control.v1.AssignAlertsResponse;
import dev.tidewatch.control.v1.GetTriageRequest;
import dev.tidewatch.control.v1.ListRuleVerdictsRequest;
import dev.tidewatch.control.v1.ListRuleVerdictsResponse;
import dev.tidewatch.control.v1.RuleVerdicts;
import dev.tidewatch.control.v1.SetDispositionRequest;
import dev.tidewatch.control.v1.SetDispositionResponse;
import dev.tidewatch.control.v1.Triage;
import dev.tidewatch.control.v1.Verdict;
import dev.tidewatch.store.AlertQueries.RaisedBy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** What people do with alerts. Many are triaged in one transaction: all of them or none. */
public final class TriageDesk {
  private static final int MOST_ALERTS = 500;
  private static final int LONGEST_COMMENT = 4_000;

  private final AlertTriage triage;
  private final Changes changes;
  private final BiFunction<String, Collection<UUID>, Map<UUID, RaisedBy>> raisedBy;

  /**
   * @param raisedBy which rules raised alerts of a tenant
   */
  public TriageDesk(
      ControlDatabase database,
      Changes changes,
      BiFunction<String, Collection<UUID>, Map<UUID, RaisedBy>> raisedBy) {
    this.triage = new AlertTriage(database);
    this.changes = changes;
    this.raisedBy = raisedBy;
  }

  SetDispositionResponse dispose(SetDispositionRequest request) {
    boolean known =
        request.getVerdict() != Verdict.VERDICT_UNSPECIFIED
            && request.getVerdict() != Verdict.UNRECOGNIZED;
    ids(request.getTenantId(), request.getAlertIdsList())
        .require(known, "verdict", "must be VERDICT_OPEN to VERDICT_BENIGN")
        .text("comment", request.getComment(), LONGEST_COMMENT)
        .done();
    Map<UUID, RaisedBy> alerts = existing(request.getTenantId(), request.getAlertIdsList());
    return changes.run(
        AlertServiceGrpc.getSetDispositionMethod(),
        request.getTenantId(),
        request,
        change -> {
          AlertTriage.dispose(change, alerts, request.getVerdict(), request.getComment());
          change.about("alerts", summary(alerts.keySet()));
          change.detail().put("verdict", request.getVerdict().name());
          change.detail().put("comment", request.getComment());
          return SetDispositionResponse.newBuilder().setAlerts(alerts.size()).build();
        });
  }

  AssignAlertsResponse assign(AssignAlertsRequest request) {
    ids(request.getTenantId(), request.getAlertIdsList())
        .text("assignee", request.getAssignee(), 200)
        .done();
    Set<UUID> alerts = existing(request.getTenantId(), request.getAlertIdsList()).keySet();
    String assignee = request.getAssignee();
    return changes.run(
        AlertServiceGrpc.getAssignAlertsMethod(),
        request.getTenantId(),
        request,
        change -> {
          boolean self = assignee.equals(change.principal().actor());
          if (!assignee.isEmpty() && !self && !AlertTriage.isUser(change.transaction(), assignee)) {
            throw FieldChecks.invalid("assignee", "is not a user of this tenant");
          }
          AlertTriage.assign(change, alerts, assignee);
          change.about("alerts", summary(alerts));
          change.detail().put("assignee", assignee);
          return AssignAlertsResponse.newBuilder().setAlerts(alerts.size()).build();
        });
  }

  Triage get(GetTriageRequest request) {
    new FieldChecks().tenant(request.getTenantId()).uuid("alert_id", request.getAlertId()).done();
    return triage.of(request.getTenantId(), FieldChecks.uuid(request.getAlertId()));
  }

  ListRuleVerdictsResponse verdicts(ListRuleVerdictsRequest request) {
    new FieldChecks().tenant(request.getTenantId()).name("rule_id", request.getRuleId()).done();
    return triage.verdicts(request.getTenantId(), request.getRuleId());
  }

  /** What was said of a tenant's alerts, by rule. */
  public List<RuleVerdicts> verdicts(String tenant) {
    return triage.verdicts(tenant, "").getRulesList();
  }

  List<AlertRow> withState(String tenant, List<AlertRow> rows) {
    return triage.withState(tenant, rows);
  }

  private static FieldChecks ids(String tenant, List<String> ids) {
    FieldChecks checks =
        new FieldChecks()
            .tenant(tenant)
            .require(
                !ids.isEmpty() && ids.size() <= MOST_ALERTS,
                "alert_ids",
                "must be 1 to " + MOST_ALERTS);
    for (int i = 0; i < Math.min(ids.size(), MOST_ALERTS); i++) {
      checks.uuid("alert_ids[" + i + "]", ids.get(i));
    }
    return checks;
  }

  private Map<UUID, RaisedBy> existing(String tenant, List<String> ids) {
    Set<UUID> asked = ids.stream().map(FieldChecks::uuid).collect(Collectors.toSet());
    Map<UUID, RaisedBy> found = raisedBy.apply(tenant, asked);
    asked.removeAll(found.keySet());
    if (!asked.isEmpty()) {
      throw Failures.notFound(
          "no alert " + asked.iterator().next() + " of this tenant; nothing was changed");
    }
    return found;
  }

  private static String summary(Set<UUID> alerts) {
    String first =
        alerts.stream().limit(20).map(UUID::toString).sorted().collect(Collectors.joining(" "));
    return alerts.size() <= 20 ? first : first + " and " + (alerts.size() - 20) + " more";
  }
}
