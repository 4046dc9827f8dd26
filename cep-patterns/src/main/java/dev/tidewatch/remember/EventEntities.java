package dev.tidewatch.remember;

import dev.tidewatch.events.EventDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who and what an event is about, from its OCSF columns. */
public final class EventEntities {
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

  /** Words in a field's name that say what its values are; the first that occurs decides. */
  private static final List<Map.Entry<String, String>> KINDS =
      List.of(
          Map.entry("username", "user"),
          Map.entry("ipaddress", "ip"),
          Map.entry("hostname", "host"),
          Map.entry("computer", "host"),
          Map.entry("workstation", "host"),
          Map.entry("image", "process"),
          Map.entry("process", "process"),
          Map.entry("domain", "domain"),
          Map.entry("url", "url"),
          Map.entry("file", "file"),
          Map.entry("user", "user"),
          Map.entry("account", "user"),
          Map.entry("host", "host"));

  private EventEntities() {}

  /**
   * Kind and value in turn, each pair once, the host first.
   *
   * @param most pairs
   * @param longest characters of a value; the rest is cut
   */
  public static String[] of(EventDocument event, int most, int longest) {
    List<String> found = new ArrayList<>(8);
    add(found, "host", event.host(), most, longest);
    Map<String, String> columns = event.ocsf().columns();
    for (Source source : SOURCES) {
      add(found, source.kind(), columns.get(source.column()), most, longest);
    }
    return found.toArray(String[]::new);
  }

  private static void add(
      List<String> found, String kind, @Nullable String value, int most, int longest) {
    if (value == null || value.isBlank() || found.size() >= 2 * most) {
      return;
    }
    String cut = ValueText.cut(value, longest);
    for (int i = 0; i < found.size(); i += 2) {
      if (found.get(i).equals(kind) && found.get(i + 1).equals(cut)) {
        return;
      }
    }
    found.add(kind);
    found.add(cut);
  }

  /** What a field's values are, by its name: {@code TargetUserName} is a user. */
  public static Optional<String> kindOf(String field) {
    String name = field.substring(field.lastIndexOf('.') + 1);
    String flat = name.replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT);
    if (flat.endsWith("ip") || flat.equals("ipaddr")) {
      return Optional.of("ip");
    }
    return KINDS.stream()
        .filter(kind -> flat.contains(kind.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
