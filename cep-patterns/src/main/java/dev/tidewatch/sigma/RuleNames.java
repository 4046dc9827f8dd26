package dev.tidewatch.sigma;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Rules by what one may call them: an id, which none share, or a name, which some may. */
final class RuleNames<T> {
  private final Map<String, List<T>> byName = new HashMap<>();
  private final Map<String, T> byId = new HashMap<>();

  /**
   * @param name empty for none
   */
  void add(String id, String name, T rule) {
    byId.put(id, rule);
    if (!name.isEmpty() && !name.equals(id)) {
      byName.computeIfAbsent(name, n -> new ArrayList<>()).add(rule);
    }
  }

  /** All that the text may mean; an id goes before names. */
  List<T> find(String idOrName) {
    T rule = byId.get(idOrName);
    return rule != null ? List.of(rule) : byName.getOrDefault(idOrName, List.of());
  }

  /** The rule that the text means; empty if there is none, or several. */
  Optional<T> one(String idOrName) {
    List<T> found = find(idOrName);
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  /** Ids and names. */
  Set<String> all() {
    Set<String> all = new java.util.HashSet<>(byId.keySet());
    all.addAll(byName.keySet());
    return all;
  }
}
