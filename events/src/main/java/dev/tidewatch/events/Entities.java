package dev.tidewatch.events;

import dev.tidewatch.events.v1.Entity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who and what an event is about: the entities of its alerts, by kind (host, user, process, file,
 * ip, domain, url, cloud_account, cloud_resource).
 */
public final class Entities {
  /** Kinds and the OCSF columns that hold them, in the order in which alerts show them. */
  private static final List<Map.Entry<String, String>> COLUMNS =
      List.of(
          Map.entry("host", "device.hostname"),
          Map.entry("user", "actor.user.name"),
          Map.entry("user", "user.name"),
          Map.entry("user", "process.user.name"),
          Map.entry("process", "process.file.path"),
          Map.entry("process", "actor.process.file.path"),
          Map.entry("file", "file.path"),
          Map.entry("ip", "src_endpoint.ip"),
          Map.entry("ip", "dst_endpoint.ip"),
          Map.entry("domain", "query.hostname"),
          Map.entry("domain", "dst_endpoint.hostname"),
          Map.entry("domain", "tls.sni"),
          Map.entry("url", "http_request.url.text"),
          Map.entry("cloud_account", "cloud.account.uid"),
          Map.entry("cloud_resource", "resources.uid"));

  private static final int MAX_VALUE = 1_024;
  private static final String CLOUD_RESOURCE = "cloud_resource";

  private Entities() {}

  /** The event's entities, each once. */
  public static List<Entity> of(EventDocument event) {
    Map<String, String> columns = event.ocsf().columns();
    boolean cloud = columns.containsKey("cloud.account.uid");
    Set<Entity> entities = new LinkedHashSet<>();
    for (Map.Entry<String, String> column : COLUMNS) {
      String value = columns.get(column.getValue());
      if (value != null && (cloud || !column.getKey().equals(CLOUD_RESOURCE))) {
        entities.add(
            Entity.newBuilder()
                .setKind(column.getKey())
                .setValue(OcsfText.cut(value, MAX_VALUE))
                .build());
      }
    }
    return List.copyOf(new ArrayList<>(entities));
  }
}
