package dev.tidewatch.store;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.GetAlertResponse;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.SummarizeAlertsResponse;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked about alerts. Every answer is of one tenant and shows each alert once, in its
 * newest version. Thread-safe. All methods throw {@link StoreUnavailableException} when ClickHouse
 * cannot answer now.
 */
public final class AlertQueries {
  AlertQueries() {}

  /**
   * Newest first ({@code time}, then id), in keyset pages: rows that arrive between two pages shift
   * nothing.
   *
   * @param pageSize 1 to 1000, 0 for 200
   * @param pageToken {@code next_page_token} of the page before, empty for the first
   * @throws InvalidPageTokenException for a token that is not of this query
   * @throws IllegalArgumentException for a filter or page size out of range; the message names it
   */
  public ListAlertsResponse list(
      String tenantId, AlertFilter filter, int pageSize, String pageToken) {
    throw new UnsupportedOperationException();
  }

  /**
   * One alert with evidence, tags and rule hash; {@code events} is left empty, ask {@link
   * EventQueries#byIds} for them.
   *
   * @throws IllegalArgumentException when {@code alertId} is no UUID
   */
  public Optional<GetAlertResponse> get(String tenantId, String alertId) {
    throw new UnsupportedOperationException();
  }

  /**
   * Counts by level, over time, and the most frequent techniques, rules and hosts (100 each).
   * Without {@code from_ms} / {@code to_ms} the histogram spans what the filter matches.
   *
   * @param buckets 1 to 500, 0 for 60
   */
  public SummarizeAlertsResponse summarize(String tenantId, AlertFilter filter, int buckets) {
    throw new UnsupportedOperationException();
  }

  /** Alerts per rule id whose event time is at or after {@code from}. */
  public Map<String, Long> countsByRule(String tenantId, Instant from) {
    throw new UnsupportedOperationException();
  }

  /**
   * Follows alerts in the order they are stored.
   *
   * @param cursor of an earlier tail; empty starts with alerts stored from now on
   * @throws InvalidPageTokenException for a cursor that is not of a tail
   */
  public AlertTail tail(String tenantId, AlertFilter filter, String cursor) {
    throw new UnsupportedOperationException();
  }
}
