package dev.tidewatch.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Finds alerts by id: {@code alert_places} is sorted by it, {@code alerts} by time. */
final class AlertPlaces {
  /** Where an alert is, and who raised it. */
  record Place(UUID id, long firstSeenMicros, String ruleId, int ruleVersion) {
    static Place read(RowBinaryReader in) throws IOException {
      return new Place(in.uuid(), in.int64(), in.string(), in.int32());
    }
  }

  /** Ids travel in the URL, 39 bytes each. */
  static final int IDS_PER_QUERY = 200;

  private final Server server;

  AlertPlaces(Server server) {
    this.server = server;
  }

  /** Those of {@code ids} that the tenant has. Versions of an alert share its place. */
  Map<UUID, Place> of(String tenantId, Collection<UUID> ids) {
    Map<UUID, Place> places = new HashMap<>();
    List<UUID> all = List.copyOf(ids);
    for (int from = 0; from < all.size(); from += IDS_PER_QUERY) {
      List<UUID> some =
          new ArrayList<>(all.subList(from, Math.min(all.size(), from + IDS_PER_QUERY)));
      Condition condition = Condition.ofTenant(tenantId).and("alert_id IN ({ids:Array(UUID)})");
      condition.parameters().uuids("ids", some);
      server
          .query(
              "find alerts",
              "SELECT alert_id, first_seen, rule_id, rule_version FROM alert_places WHERE "
                  + condition.sql(),
              condition.parameters(),
              Place::read)
          .forEach(place -> places.put(place.id(), place));
    }
    return places;
  }

  /**
   * Alerts by id where the table {@code alerts} has them, for a PREWHERE: all that is asked for is
   * the same in each version of an alert. The places are read in the same query; nothing is read of
   * days that no alert is in, and of hours between those of the alerts.
   *
   * @param ids {@link #IDS_PER_QUERY} at most
   */
  static Condition at(String tenantId, Collection<UUID> ids) {
    String ofPlaces =
        " FROM alert_places WHERE tenant_id = {tenant:String} AND alert_id IN ({ids:Array(UUID)}))";
    Condition condition =
        Condition.ofTenant(tenantId)
            .and("alert_id IN ({ids:Array(UUID)})")
            .and("toStartOfHour(first_seen) IN (SELECT toStartOfHour(first_seen)" + ofPlaces)
            .and("first_seen IN (SELECT first_seen" + ofPlaces);
    condition.parameters().uuids("ids", ids);
    return condition;
  }
}
