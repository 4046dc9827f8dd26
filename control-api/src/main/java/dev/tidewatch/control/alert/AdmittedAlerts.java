package dev.tidewatch.control.alert;

import dev.tidewatch.control.request.Readings;
import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertGrouping;
import dev.tidewatch.control.v1.GetAlertResponse;
import dev.tidewatch.control.v1.GroupAlertsResponse;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.SummarizeAlertsResponse;
import java.util.Optional;

/** Alerts of a source, read by no more at once than it can answer. Tails are not held up. */
public final class AdmittedAlerts implements AlertSource {
  private final AlertSource alerts;
  private final Readings readings;

  public AdmittedAlerts(AlertSource alerts, Readings readings) {
    this.alerts = alerts;
    this.readings = readings;
  }

  @Override
  public ListAlertsResponse list(
      String tenantId, AlertFilter filter, int pageSize, String pageToken) {
    return readings.searches().read(() -> alerts.list(tenantId, filter, pageSize, pageToken));
  }

  @Override
  public Optional<GetAlertResponse> get(String tenantId, String alertId) {
    return readings.lookups().read(() -> alerts.get(tenantId, alertId));
  }

  @Override
  public SummarizeAlertsResponse summarize(String tenantId, AlertFilter filter, int buckets) {
    return readings.searches().read(() -> alerts.summarize(tenantId, filter, buckets));
  }

  @Override
  public GroupAlertsResponse group(String tenantId, AlertFilter filter, AlertGrouping by, int top) {
    return readings.searches().read(() -> alerts.group(tenantId, filter, by, top));
  }

  @Override
  public Tail tail(String tenantId, String cursor) {
    return alerts.tail(tenantId, cursor);
  }
}
