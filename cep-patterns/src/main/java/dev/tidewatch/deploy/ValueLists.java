package dev.tidewatch.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidewatch.events.v1.TenantValueList;
import dev.tidewatch.sigma.TenantCompiler;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The lists of values for {@code expand} at a revision, of all tenants. Immutable.
 *
 * @param byKey by {@code TENANT/NAME}; removed ones too, so that an older record does not bring one
 *     back
 */
public record ValueLists(NavigableMap<String, TenantValueList> byKey) {
  public static final ValueLists NONE = new ValueLists(new TreeMap<>());

  public ValueLists {
    byKey = java.util.Collections.unmodifiableNavigableMap(byKey);
  }

  static String key(String tenant, String name) {
    return tenant + "/" + name;
  }

  static String key(TenantValueList list) {
    return key(list.getTenantId(), list.getName());
  }

  /** How many there are. */
  public int size() {
    return (int) byKey.values().stream().filter(list -> !list.getRemoved()).count();
  }

  /** The lists themselves, by tenant and name, as the compiler takes them. */
  public Map<String, Map<String, List<String>>> byTenant() {
    Map<String, Map<String, List<String>>> byTenant = new TreeMap<>();
    for (TenantValueList list : byKey.values()) {
      if (!list.getRemoved()) {
        byTenant
            .computeIfAbsent(list.getTenantId(), tenant -> new TreeMap<>())
            .put(list.getName(), list.getEntriesList());
      }
    }
    return byTenant;
  }

  /** A tenant's own lists by name. */
  public Map<String, Deployment.ValueList> of(String tenant) {
    Map<String, Deployment.ValueList> own = new TreeMap<>();
    byKey.values().stream()
        .filter(list -> list.getTenantId().equals(tenant) && !list.getRemoved())
        .forEach(list -> own.put(list.getName(), asSet(list)));
    return own;
  }

  /** A tenant's own list, if it has it. */
  public Optional<Deployment.ValueList> get(String tenant, String name) {
    return Optional.ofNullable(byKey.get(key(tenant, name)))
        .filter(list -> !list.getRemoved())
        .map(ValueLists::asSet);
  }

  /** What a tenant's rules are compiled with: its own lists, and those for all. */
  public Map<String, List<String>> inForceFor(String tenant) {
    Map<String, Map<String, List<String>>> all = byTenant();
    Map<String, List<String>> lists =
        new TreeMap<>(all.getOrDefault(TenantCompiler.EVERYONE, Map.of()));
    lists.putAll(all.getOrDefault(tenant, Map.of()));
    return lists;
  }

  private static Deployment.ValueList asSet(TenantValueList list) {
    return new Deployment.ValueList(list.getVersion(), list.getEntriesList());
  }

  /** Nothing while there was never a list, so that the hash of such a book is as it always was. */
  void addTo(MessageDigest digest) {
    for (TenantValueList list : byKey.values()) {
      String line =
          String.join(
              "\0",
              "l",
              key(list),
              Integer.toString(list.getVersion()),
              Long.toString(list.getRevision()),
              list.getRemoved() ? "" : list.getHash());
      digest.update((line + "\n").getBytes(UTF_8));
    }
  }

  /** First 16 hex digits of SHA-256 over the entries, a NUL behind each. */
  static String hashOf(Collection<String> entries) {
    MessageDigest digest = RuleBook.sha256();
    for (String entry : entries) {
      digest.update(entry.getBytes(UTF_8));
      digest.update((byte) 0);
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }
}
