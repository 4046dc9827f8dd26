package dev.tidewatch.control.alert;

import dev.tidewatch.control.database.DatabaseUnavailableException;
import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertGrouping;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.GetAlertResponse;
import dev.tidewatch.control.v1.GroupAlertsResponse;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.SummarizeAlertsResponse;
import dev.tidewatch.control.v1.TriageChange;
import dev.tidewatch.store.InvalidPageTokenException;
import java.util.List;
import java.util.Optional;

/**
 * Alerts as the store has them, with how they stand. A tail of these tells of triage too; while
 * PostgreSQL is away its alerts come without, and what was changed meanwhile is told afterwards.
 */
final class TriagedAlerts implements AlertSource {
  /** More than one change can concern. */
  private static final int MOST_CHANGES = 1_000;

  private static final char SEPARATOR = '~';

  private final AlertSource alerts;
  private final TriageStates states;

  TriagedAlerts(AlertSource alerts, TriageStates states) {
    this.alerts = alerts;
    this.states = states;
  }

  @Override
  public ListAlertsResponse list(
      String tenantId, AlertFilter filter, int pageSize, String pageToken) {
    ListAlertsResponse page = alerts.list(tenantId, filter, pageSize, pageToken);
    // The page was found by a copy of the states; what has changed since is left out.
    AlertFilterMatch asked = new AlertFilterMatch(filter);
    List<AlertRow> rows =
        states.with(tenantId, page.getAlertsList()).stream().filter(asked::isTriaged).toList();
    return page.toBuilder().clearAlerts().addAllAlerts(rows).build();
  }

  @Override
  public Optional<GetAlertResponse> get(String tenantId, String alertId) {
    return alerts
        .get(tenantId, alertId)
        .map(
            alert ->
                alert.toBuilder()
                    .setAlert(states.with(tenantId, List.of(alert.getAlert())).get(0))
                    .build());
  }

  @Override
  public SummarizeAlertsResponse summarize(String tenantId, AlertFilter filter, int buckets) {
    return alerts.summarize(tenantId, filter, buckets);
  }

  @Override
  public GroupAlertsResponse group(String tenantId, AlertFilter filter, AlertGrouping by, int top) {
    return alerts.group(tenantId, filter, by, top);
  }

  @Override
  public Tail tail(String tenantId, String cursor) {
    int separator = cursor.lastIndexOf(SEPARATOR);
    String place = separator < 0 ? cursor : cursor.substring(0, separator);
    long from = separator < 0 ? 0 : transaction(cursor.substring(separator + 1));
    return new TriagedTail(tenantId, alerts.tail(tenantId, place), from);
  }

  private static long transaction(String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw new InvalidPageTokenException("not a cursor of this server; start without one");
    }
    return Long.parseLong(text);
  }

  private final class TriagedTail implements Tail {
    private final String tenantId;
    private final Tail tail;
    private long from;

    TriagedTail(String tenantId, Tail tail, long from) {
      this.tenantId = tenantId;
      this.tail = tail;
      this.from = from;
    }

    @Override
    public List<AlertRow> poll(int limit) {
      List<AlertRow> rows = tail.poll(limit);
      try {
        return states.with(tenantId, rows);
      } catch (DatabaseUnavailableException away) {
        return rows;
      }
    }

    @Override
    public List<TriageChange> triage() {
      try {
        TriageStates.Changed changed = states.changedFrom(tenantId, from, MOST_CHANGES);
        from = changed.until();
        return changed.changes();
      } catch (DatabaseUnavailableException away) {
        return List.of();
      }
    }

    @Override
    public String cursor() {
      return tail.cursor() + SEPARATOR + from;
    }
  }
}
