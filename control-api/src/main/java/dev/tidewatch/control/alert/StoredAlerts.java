package dev.tidewatch.control.alert;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertGrouping;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.GetAlertResponse;
import dev.tidewatch.control.v1.GroupAlertsResponse;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.SummarizeAlertsResponse;
import dev.tidewatch.events.v1.Evidence;
import dev.tidewatch.store.AlertQueries;
import dev.tidewatch.store.AlertTail;
import dev.tidewatch.store.ClickHouseStore;
import dev.tidewatch.store.EventQueries;
import java.util.List;
import java.util.Optional;

/** Alerts as ClickHouse has them. */
public final class StoredAlerts implements AlertSource {
  private final AlertQueries alerts;
  private final EventQueries events;

  public StoredAlerts(ClickHouseStore store) {
    this.alerts = store.alertQueries();
    this.events = store.eventQueries();
  }

  @Override
  public ListAlertsResponse list(
      String tenantId, AlertFilter filter, int pageSize, String pageToken) {
    return alerts.list(tenantId, filter, pageSize, pageToken);
  }

  @Override
  public Optional<GetAlertResponse> get(String tenantId, String alertId) {
    return alerts.get(tenantId, alertId).map(alert -> withEvents(tenantId, alert));
  }

  private GetAlertResponse withEvents(String tenantId, GetAlertResponse alert) {
    List<String> ids =
        alert.getEvidenceList().stream().map(Evidence::getEventId).distinct().toList();
    return ids.isEmpty()
        ? alert
        : alert.toBuilder().clearEvents().addAllEvents(events.byIds(tenantId, ids)).build();
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
    AlertTail tail = alerts.tail(tenantId, AlertFilter.getDefaultInstance(), cursor);
    return new Tail() {
      @Override
      public List<AlertRow> poll(int limit) {
        return tail.poll(limit);
      }

      @Override
      public String cursor() {
        return tail.cursor();
      }
    };
  }
}
