package dev.tidewatch.benchmarks.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Alerts by id, each with its count and rule.
 *
 * @param twice what was told twice: an id with the same count
 */
record AlertSet(Map<String, Seen> byId, List<String> twice) {
  /** The newest form of an alert. */
  record Seen(String ruleId, long count, long lastSeenMicros) {
    @Override
    public String toString() {
      return ruleId + " ×" + count;
    }
  }

  AlertSet {
    byId = new TreeMap<>(byId);
    twice = List.copyOf(twice);
  }

  /** What is missing here, too much here, or has another count than in {@code reference}. */
  Difference against(AlertSet reference) {
    List<String> missing = new ArrayList<>();
    List<String> surplus = new ArrayList<>();
    List<String> different = new ArrayList<>();
    reference.byId.forEach(
        (id, seen) -> {
          Seen ours = byId.get(id);
          if (ours == null) {
            missing.add(id + " " + seen);
          } else if (!ours.equals(seen)) {
            different.add(id + " " + ours + ", not " + seen);
          }
        });
    byId.forEach(
        (id, seen) -> {
          if (!reference.byId.containsKey(id)) {
            surplus.add(id + " " + seen);
          }
        });
    return new Difference(missing, surplus, different);
  }

  record Difference(List<String> missing, List<String> surplus, List<String> different) {
    boolean isNone() {
      return missing.isEmpty() && surplus.isEmpty() && different.isEmpty();
    }
  }
}
