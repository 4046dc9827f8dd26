package dev.tidewatch.control.alert;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertGrouping;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.GetAlertResponse;
import dev.tidewatch.control.v1.GroupAlertsResponse;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.SummarizeAlertsResponse;
import dev.tidewatch.control.v1.TriageChange;
import java.util.List;
import java.util.Optional;

/** What the endpoints ask about alerts; the store answers, in tests a fake. */
public interface AlertSource {
  ListAlertsResponse list(String tenantId, AlertFilter filter, int pageSize, String pageToken);

  /** One alert with its evidence events. */
  Optional<GetAlertResponse> get(String tenantId, String alertId);

  SummarizeAlertsResponse summarize(String tenantId, AlertFilter filter, int buckets);

  GroupAlertsResponse group(String tenantId, AlertFilter filter, AlertGrouping by, int top);

  /**
   * Follows all alerts of a tenant.
   *
   * @param cursor of an earlier tail; empty starts with alerts stored from now on
   * @throws dev.tidewatch.store.InvalidPageTokenException for anything else
   */
  Tail tail(String tenantId, String cursor);

  /** Alerts in the order they become visible; used by one thread at a time. */
  interface Tail {
    /** The next alerts, at most {@code limit}; empty when there are none now. */
    List<AlertRow> poll(int limit);

    /** Alerts whose triage has changed since the last call; a thousand at most, the rest later. */
    default List<TriageChange> triage() {
      return List.of();
    }

    /** Where another tail continues without a gap; it may repeat the last minute. */
    String cursor();
  }
}
