package dev.tidewatch.store;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertGrouping;
import dev.tidewatch.control.v1.GetAlertResponse;
import dev.tidewatch.control.v1.GroupAlertsResponse;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.SummarizeAlertsResponse;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What is asked about alerts. Every answer is of one tenant and shows each alert once, in its
 * newest version. Thread-safe. All methods throw {@link StoreUnavailableException} when ClickHouse
 * cannot answer now.
 */
public final class AlertQueries {
  /** So many are sorted sooner than asked for in two steps, each of which is a query. */
  private static final long FEW = 2_000;

  /** Alerts with all their evidence in one answer. */
  private static final int WHOLE_PER_QUERY = 50;

  private final Server server;
  private final long few;
  private final Gathered<UUID, AlertPlaces.Place> places;
  private final Gathered<UUID, GetAlertResponse> whole;

  AlertQueries(Server server) {
    this(server, FEW);
  }

  AlertQueries(Server server, long few) {
    this.server = server;
    this.few = few;
    this.places = new Gathered<>(new AlertPlaces(server)::of, AlertPlaces.IDS_PER_QUERY);
    this.whole = new Gathered<>(this::whole, WHOLE_PER_QUERY);
  }

  /**
   * Newest first ({@code time}, then id), in keyset pages: rows that arrive between two pages shift
   * nothing.
   *
   * @param filter a technique covers its sub-techniques; each word of {@code text} must occur
   * @param pageSize 1 to 1000, 0 for 200
   * @param pageToken {@code next_page_token} of the page before, empty for the first
   * @throws InvalidPageTokenException for a token that is not of this query
   * @throws IllegalArgumentException for a filter or page size out of range; the message names it
   */
  public ListAlertsResponse list(
      String tenantId, AlertFilter filter, int pageSize, String pageToken) {
    int size = QueryLimits.pageSize(pageSize);
    int query = AlertConditions.fingerprint(tenantId, filter);
    Optional<PageToken> behind =
        pageToken.isEmpty()
            ? Optional.empty()
            : Optional.of(PageToken.decode(pageToken, PageToken.Kind.ALERTS, query));
    AlertDays days = AlertDays.read(server, tenantId, filter);
    if (days.total() == 0) {
      return ListAlertsResponse.getDefaultInstance();
    }
    AlertKeys alerts = new AlertKeys(server);
    // One more than the page shows whether there is another.
    Optional<Long> fromDay =
        days.total() <= few ? Optional.empty() : days.reaching(size + 1, behind);
    List<AlertKeys.Key> keys =
        alerts.newest(() -> behind(tenantId, filter, behind), size + 1, fromDay);
    ListAlertsResponse.Builder response = ListAlertsResponse.newBuilder().setTotal(days.total());
    if (keys.size() > size) {
      keys = keys.subList(0, size);
      AlertKeys.Key last = keys.get(size - 1);
      response.setNextPageToken(
          new PageToken(PageToken.Kind.ALERTS, query, last.micros(), last.id()).encode());
    }
    return response.addAllAlerts(alerts.rows(keys, () -> Condition.ofTenant(tenantId))).build();
  }

  private static Condition behind(String tenantId, AlertFilter filter, Optional<PageToken> last) {
    Condition condition = AlertConditions.of(tenantId, filter);
    last.ifPresent(token -> condition.before(token, "alert_id"));
    return condition;
  }

  /**
   * One alert with evidence, tags and rule hash; {@code events} is left empty, ask {@link
   * EventQueries#byEvidence} for them.
   *
   * @throws IllegalArgumentException when {@code alertId} is no UUID
   */
  public Optional<GetAlertResponse> get(String tenantId, String alertId) {
    UUID id = QueryLimits.uuid("alert_id", alertId);
    return Optional.ofNullable(whole.of(tenantId, List.of(id)).get(id));
  }

  private Map<UUID, GetAlertResponse> whole(String tenantId, Collection<UUID> ids) {
    Condition condition = AlertPlaces.at(tenantId, ids);
    Map<UUID, GetAlertResponse> found = new HashMap<>();
    server
        .query(
            "get alert",
            "SELECT " + AlertRows.ALL_COLUMNS + " FROM alerts FINAL PREWHERE " + condition.sql(),
            condition.parameters(),
            AlertRows::readWhole)
        .forEach(row -> found.put(UUID.fromString(row.getAlert().getAlertId()), row));
    return found;
  }

  /**
   * The rules that raised alerts.
   *
   * @param version of the rule, as the alert has it
   */
  public record RaisedBy(String ruleId, int version) {}

  /**
   * Which rule raised each of {@code alertIds}; alerts that the tenant does not have are left out.
   */
  public Map<UUID, RaisedBy> raisedBy(String tenantId, Collection<UUID> alertIds) {
    Map<UUID, RaisedBy> rules = new HashMap<>();
    Map<UUID, AlertPlaces.Place> known = places.of(tenantId, alertIds);
    for (UUID id : alertIds) {
      AlertPlaces.Place place = known.get(id);
      if (place != null) {
        rules.put(id, new RaisedBy(place.ruleId(), place.ruleVersion()));
      }
    }
    return rules;
  }

  /**
   * Counts by level, over time, and the most frequent techniques (1000), rules and hosts (100
   * each). Names of techniques are left empty: the store does not know ATT&CK. Without {@code
   * from_ms} or {@code to_ms} the histogram begins or ends with what the filter matches.
   *
   * @param buckets 1 to 500, 0 for 60
   * @throws IllegalArgumentException for a filter or buckets out of range; the message names it
   */
  public SummarizeAlertsResponse summarize(String tenantId, AlertFilter filter, int buckets) {
    return new AlertSummary(server, tenantId, filter).read(buckets);
  }

  /**
   * The most frequent values of {@code by}, with how many alerts have them, how many of these are
   * open, and when they began and ended.
   *
   * @param top 1 to 1000, 0 for 50
   * @throws IllegalArgumentException for a filter, grouping or top out of range; the message names
   *     it
   */
  public GroupAlertsResponse group(String tenantId, AlertFilter filter, AlertGrouping by, int top) {
    return new AlertGroups(server, tenantId, filter).read(by, top);
  }

  /** Live alerts per rule id whose event time is at or after {@code from}. */
  public Map<String, Long> countsByRule(String tenantId, Instant from) {
    Condition condition =
        Condition.ofTenant(tenantId)
            .between("time", Math.max(0, from.toEpochMilli()), 0)
            .and("stage != 'shadow'");
    if (from.toEpochMilli() > 0) {
      condition.and(AlertConditions.sinceDayOf("{from:Int64}"));
    }
    Map<String, Long> counts = new HashMap<>();
    server
        .query(
            "count alerts by rule",
            "SELECT rule_id, count() FROM alerts FINAL WHERE "
                + condition.sql()
                + " GROUP BY rule_id",
            condition.parameters(),
            in -> Map.entry(in.string(), in.int64()))
        .forEach(count -> counts.put(count.getKey(), count.getValue()));
    return counts;
  }

  /**
   * Follows alerts in the order they are stored.
   *
   * @param cursor of an earlier tail; empty starts with alerts stored from now on
   * @throws InvalidPageTokenException for a cursor that is not of a tail
   */
  public AlertTail tail(String tenantId, AlertFilter filter, String cursor) {
    return AlertTail.open(server, tenantId, filter, cursor);
  }
}
