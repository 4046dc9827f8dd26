package dev.tidewatch.control.alert;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertGrouping;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.GetAlertResponse;
import dev.tidewatch.control.v1.GroupAlertsResponse;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.SummarizeAlertsResponse;
import dev.tidewatch.control.v1.TriageChange;
import dev.tidewatch.store.InvalidPageTokenException;
import dev.tidewatch.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Alerts in memory, with tails that behave as the store's: they follow exactly, but one that is
 * opened from a cursor shows what was stored shortly before it again.
 */
final class FakeAlerts implements AlertSource {
  /** Rows before a cursor that a tail opened from it repeats. */
  private static final int REPEATED = 3;

  private final List<AlertRow> stored = new ArrayList<>();
  private final List<TriageChange> triage = new ArrayList<>();
  private boolean down;
  private int polls;
  private int growth;

  static AlertRow row(int n) {
    return AlertRow.newBuilder().setAlertId("a" + n).setTitle("t" + n % 2).setTimeMs(n).build();
  }

  /** Stores the alerts {@code a<from>} to {@code a<to - 1>}. */
  void store(int from, int to) {
    for (int n = from; n < to; n++) {
      stored.add(row(n));
    }
  }

  /** Somebody gives the alert {@code a<n>} to {@code assignee}. */
  void assign(int n, String assignee) {
    triage.add(TriageChange.newBuilder().setAlertId("a" + n).setAssignee(assignee).build());
  }

  void setDown(boolean away) {
    down = away;
  }

  /** From now on so many alerts are stored just before every poll of any tail. */
  void setGrowth(int rows) {
    growth = rows;
  }

  int size() {
    return stored.size();
  }

  int polls() {
    return polls;
  }

  @Override
  public Tail tail(String tenantId, String cursor) {
    requireUp();
    int from = stored.size();
    if (!cursor.isEmpty()) {
      if (!cursor.matches("c[0-9]+")) {
        throw new InvalidPageTokenException(cursor);
      }
      from = Math.max(0, Integer.parseInt(cursor.substring(1)) - REPEATED);
    }
    return new FakeTail(from);
  }

  private void requireUp() {
    if (down) {
      throw new StoreUnavailableException("away", 0, null);
    }
  }

  private final class FakeTail implements Tail {
    private final Set<String> shown = new HashSet<>();
    private int next;
    private int nextChange = triage.size();

    FakeTail(int from) {
      next = from;
    }

    @Override
    public List<TriageChange> triage() {
      List<TriageChange> changes = List.copyOf(triage.subList(nextChange, triage.size()));
      nextChange = triage.size();
      return changes;
    }

    @Override
    public List<AlertRow> poll(int limit) {
      requireUp();
      polls++;
      store(stored.size(), stored.size() + growth);
      List<AlertRow> rows = stored.subList(next, Math.min(stored.size(), next + limit));
      next += rows.size();
      return rows.stream().filter(row -> shown.add(row.getAlertId())).toList();
    }

    @Override
    public String cursor() {
      return "c" + next;
    }
  }

  @Override
  public ListAlertsResponse list(String tenant, AlertFilter filter, int size, String token) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<GetAlertResponse> get(String tenantId, String alertId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public GroupAlertsResponse group(String tenantId, AlertFilter filter, AlertGrouping by, int top) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SummarizeAlertsResponse summarize(String tenantId, AlertFilter filter, int buckets) {
    throw new UnsupportedOperationException();
  }
}
