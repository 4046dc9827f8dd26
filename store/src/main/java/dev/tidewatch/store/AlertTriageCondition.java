package dev.tidewatch.store;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.TriageState;
import dev.tidewatch.control.v1.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a filter asks of an alert's triage, as a condition over {@code alerts}. The table {@code
 * alert_triage} has a row for each alert of which anything was ever said, few beside the alerts, so
 * the condition asks for membership in a set of those ids; alerts without a row are open and
 * nobody's, and when such are asked for, the set is of those that are <em>not</em> wanted.
 */
final class AlertTriageCondition {
  /** Alerts with a verdict. */
  static final String CLOSED =
      "alert_id IN (SELECT alert_id FROM alert_triage FINAL"
          + " WHERE tenant_id = {tenant:String} AND verdict != 'open')";

  private static final int MAX_ASSIGNEES = 20;

  private AlertTriageCondition() {}

  /** Adds to {@code condition} what {@code filter} asks of states, verdicts and assignees. */
  static void add(Condition condition, AlertFilter filter) {
    List<String> terms = new ArrayList<>();
    states(terms, filter);
    verdicts(terms, filter);
    assignees(terms, filter, condition);
    if (!terms.isEmpty()) {
      boolean unsaid = takesUnsaid(filter);
      String wanted = String.join(" AND ", terms);
      condition.and(
          "alert_id "
              + (unsaid ? "NOT " : "")
              + "IN (SELECT alert_id FROM alert_triage FINAL WHERE tenant_id = {tenant:String} AND "
              + (unsaid ? "NOT (" + wanted + ")" : wanted)
              + ")");
    }
  }

  /** Whether the filter wants an alert of which nothing was ever said. */
  private static boolean takesUnsaid(AlertFilter filter) {
    return (filter.getStatesCount() == 0
            || filter.getStatesList().contains(TriageState.TRIAGE_STATE_NEW))
        && (filter.getVerdictsCount() == 0
            || filter.getVerdictsList().contains(Verdict.VERDICT_OPEN))
        && (filter.getAssigneesCount() == 0 || filter.getAssigneesList().contains(""));
  }

  private static void states(List<String> terms, AlertFilter filter) {
    if (filter.getStatesCount() > 0) {
      terms.add(
          filter.getStatesList().stream()
              .distinct()
              .map(AlertTriageCondition::state)
              .collect(Collectors.joining(" OR ", "(", ")")));
    }
  }

  private static String state(TriageState state) {
    return switch (state) {
      case TRIAGE_STATE_NEW -> "(verdict = 'open' AND assignee = '')";
      case TRIAGE_STATE_ASSIGNED -> "(verdict = 'open' AND assignee != '')";
      case TRIAGE_STATE_CLOSED -> "(verdict != 'open')";
      default -> throw new IllegalArgumentException("states has an unknown state");
    };
  }

  private static void verdicts(List<String> terms, AlertFilter filter) {
    if (filter.getVerdictsCount() > 0) {
      terms.add(
          filter.getVerdictsList().stream()
              .distinct()
              .map(AlertTriageCondition::verdict)
              .collect(Collectors.joining(", ", "verdict IN (", ")")));
    }
  }

  private static String verdict(Verdict verdict) {
    if (verdict == Verdict.VERDICT_UNSPECIFIED || verdict == Verdict.UNRECOGNIZED) {
      throw new IllegalArgumentException("verdicts has an unknown verdict");
    }
    return "'" + AlertTriageWriter.name(verdict) + "'";
  }

  private static void assignees(List<String> terms, AlertFilter filter, Condition condition) {
    int count = filter.getAssigneesCount();
    if (count == 0) {
      return;
    }
    QueryLimits.between("assignees", count, 1, MAX_ASSIGNEES);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("{assignee" + i + ":String}");
      condition
          .parameters()
          .string("assignee" + i, QueryLimits.text("assignees", filter.getAssignees(i)));
    }
    terms.add("assignee IN (" + String.join(", ", names) + ")");
  }
}
