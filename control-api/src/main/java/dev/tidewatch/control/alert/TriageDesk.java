package dev.tidewatch.control.alert;

import com.google.protobuf.Message;
import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.change.Changes;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
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
import dev.tidewatch.control.v1.TriageChange;
import dev.tidewatch.control.v1.TriageOutcome;
import dev.tidewatch.control.v1.TriageResult;
import dev.tidewatch.control.v1.Verdict;
import dev.tidewatch.store.AlertQueries.RaisedBy;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What people do with alerts. Many are triaged in one transaction: all of them or, when one does
 * not exist, none, unless the caller takes that.
 */
public final class TriageDesk {
  private static final int MOST_ALERTS = 500;
  private static final int LONGEST_COMMENT = 4_000;
  private static final int LONGEST_REASON = 200;

  private final AlertTriage triage;
  private final TriageStates states;
  private final Changes changes;
  private final TriageMirror mirror;
  private final BiFunction<String, Collection<UUID>, Map<UUID, RaisedBy>> raisedBy;

  /**
   * @param mirror carries what was said to where searches are
   * @param raisedBy which rules raised alerts of a tenant
   */
  public TriageDesk(
      ControlDatabase database,
      Changes changes,
      TriageMirror mirror,
      BiFunction<String, Collection<UUID>, Map<UUID, RaisedBy>> raisedBy) {
    this.triage = new AlertTriage(database);
    this.states = new TriageStates(database);
    this.changes = changes;
    this.mirror = mirror;
    this.raisedBy = raisedBy;
  }

  /** {@code alerts} with how they stand. */
  public AlertSource over(AlertSource alerts) {
    return new TriagedAlerts(alerts, states);
  }

  SetDispositionResponse dispose(SetDispositionRequest request) {
    boolean known =
        request.getVerdict() != Verdict.VERDICT_UNSPECIFIED
            && request.getVerdict() != Verdict.UNRECOGNIZED;
    ids(request.getTenantId(), request.getAlertIdsList())
        .require(known, "verdict", "must be VERDICT_OPEN to VERDICT_BENIGN")
        .text("comment", request.getComment(), LONGEST_COMMENT)
        .text("reason", request.getReason(), LONGEST_REASON)
        .done();
    SortedMap<UUID, RaisedBy> alerts =
        existing(request.getTenantId(), request.getAlertIdsList(), request.getAllowMissing());
    return run(
        AlertServiceGrpc.getSetDispositionMethod(),
        request.getTenantId(),
        request,
        change -> {
          List<TriageResult> results = results(change, request.getAlertIdsList(), alerts);
          AlertTriage.dispose(change, alerts, request);
          change.about("alerts", summary(alerts.keySet()));
          change.detail().put("verdict", request.getVerdict().name());
          change.detail().put("reason", request.getReason());
          change.detail().put("comment", request.getComment());
          return SetDispositionResponse.newBuilder()
              .setAlerts(alerts.size())
              .addAllResults(results)
              .build();
        });
  }

  AssignAlertsResponse assign(AssignAlertsRequest request) {
    ids(request.getTenantId(), request.getAlertIdsList())
        .text("assignee", request.getAssignee(), 200)
        .done();
    SortedMap<UUID, RaisedBy> alerts =
        existing(request.getTenantId(), request.getAlertIdsList(), request.getAllowMissing());
    String assignee = request.getAssignee();
    return run(
        AlertServiceGrpc.getAssignAlertsMethod(),
        request.getTenantId(),
        request,
        change -> {
          boolean self = assignee.equals(change.principal().actor());
          if (!assignee.isEmpty() && !self && !AlertTriage.isUser(change.transaction(), assignee)) {
            throw FieldChecks.invalid("assignee", "is not a user of this tenant");
          }
          List<TriageResult> results = results(change, request.getAlertIdsList(), alerts);
          AlertTriage.assign(change, alerts, assignee);
          change.about("alerts", summary(alerts.keySet()));
          change.detail().put("assignee", assignee);
          return AssignAlertsResponse.newBuilder()
              .setAlerts(alerts.size())
              .addAllResults(results)
              .build();
        });
  }

  private <Q extends Message, R extends Message> R run(
      MethodDescriptor<Q, R> method, String tenant, Q request, Function<Change, R> work) {
    R response = changes.run(method, tenant, request, work);
    mirror.copySoon(tenant);
    return response;
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

  private SortedMap<UUID, RaisedBy> existing(
      String tenant, List<String> ids, boolean allowMissing) {
    List<UUID> asked = ids.stream().map(FieldChecks::uuid).distinct().toList();
    SortedMap<UUID, RaisedBy> found = new TreeMap<>(raisedBy.apply(tenant, asked));
    for (UUID id : asked) {
      if (!found.containsKey(id) && !(allowMissing && !found.isEmpty())) {
        throw Failures.notFound("no alert " + id + " of this tenant; nothing was changed");
      }
    }
    return found;
  }

  /** Holds the alerts against other changes and says what is there before this one. */
  private static List<TriageResult> results(
      Change change, List<String> ids, SortedMap<UUID, RaisedBy> alerts) {
    Map<UUID, TriageChange> before = TriageStates.hold(change.transaction(), alerts.keySet());
    List<TriageResult> results = new ArrayList<>();
    for (String text : ids) {
      UUID id = FieldChecks.uuid(text);
      TriageResult.Builder result = TriageResult.newBuilder().setAlertId(id.toString());
      TriageChange state = before.get(id);
      if (state != null) {
        result
            .setVerdictBefore(state.getVerdict())
            .setAssigneeBefore(state.getAssignee())
            .setAuthorBefore(state.getChangedBy());
      }
      results.add(
          result
              .setOutcome(
                  alerts.containsKey(id)
                      ? TriageOutcome.TRIAGE_OUTCOME_CHANGED
                      : TriageOutcome.TRIAGE_OUTCOME_NOT_FOUND)
              .build());
    }
    return results;
  }

  private static String summary(Collection<UUID> alerts) {
    String first =
        alerts.stream().limit(20).map(UUID::toString).sorted().collect(Collectors.joining(" "));
    return alerts.size() <= 20 ? first : first + " and " + (alerts.size() - 20) + " more";
  }
}
