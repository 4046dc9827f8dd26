package dev.tidewatch.jobs.match;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.v1.Entity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who and what an event is about, from its OCSF columns. */
final class AlertEntities {
  private static final int MAX_ENTITIES = 32;

  private record Source(String kind, String column) {}

  private static final List<Source> SOURCES =
      List.of(
          new Source("host", "device.hostname"),
          new Source("user", "actor.user.name"),
          new Source("user", "user.name"),
          new Source("user", "process.user.name"),
          new Source("process", "process.file.path"),
          new Source("process", "actor.process.file.path"),
          new Source("file", "file.path"),
          new Source("file", "module.file.path"),
          new Source("ip", "src_endpoint.ip"),
          new Source("ip", "dst_endpoint.ip"),
          new Source("domain", "query.hostname"),
          new Source("domain", "dst_endpoint.hostname"),
          new Source("domain", "tls.sni"),
          new Source("url", "http_request.url.text"),
          new Source("cloud_account", "cloud.account.uid"),
          new Source("cloud_resource", "resources.uid"));

  private AlertEntities() {}

  /** Each once, the host first. */
  static List<Entity> of(EventDocument event, int maxValueLength) {
    Set<Entity> entities = new LinkedHashSet<>();
    add(entities, "host", event.host(), maxValueLength);
    Map<String, String> columns = event.ocsf().columns();
    for (Source source : SOURCES) {
      add(entities, source.kind(), columns.get(source.column()), maxValueLength);
    }
    return new ArrayList<>(entities).subList(0, Math.min(entities.size(), MAX_ENTITIES));
  }

  private static void add(
      Set<Entity> entities, String kind, @Nullable String value, int maxValueLength) {
    if (value != null && !value.isBlank()) {
      entities.add(
          Entity.newBuilder().setKind(kind).setValue(ValueText.cut(value, maxValueLength)).build());
    }
  }
}
