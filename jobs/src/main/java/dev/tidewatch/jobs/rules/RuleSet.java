package dev.tidewatch.jobs.rules;

import dev.tidewatch.match.Matcher;
import dev.tidewatch.sigma.SigmaRule;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All rules of one revision, compiled. Immutable; one per TaskManager process and revision, shared
 * by all subtasks.
 */
public final class RuleSet {
  private final long revision;
  private final Matcher matcher;
  private final Map<SigmaRule, PlacedRule> placed = new IdentityHashMap<>();
  private final Map<String, PlacedStatefulRule> stateful = new LinkedHashMap<>();

  /**
   * @param matcher over exactly the rules of {@code placed}
   * @param stateful each after those it refers to
   */
  public RuleSet(
      long revision, Matcher matcher, List<PlacedRule> placed, List<PlacedStatefulRule> stateful) {
    this.revision = revision;
    this.matcher = matcher;
    placed.forEach(rule -> this.placed.put(rule.rule(), rule));
    stateful.forEach(rule -> this.stateful.put(rule.key(), rule));
  }

  public long revision() {
    return revision;
  }

  /** Everything that MATCH evaluates; what fires is {@link #placed}. */
  public Matcher matcher() {
    return matcher;
  }

  /**
   * What is done with a match of {@link #matcher()}.
   *
   * @param rule the very object that the match names
   */
  public PlacedRule placed(SigmaRule rule) {
    PlacedRule found = placed.get(rule);
    if (found == null) {
      throw new IllegalArgumentException("not of revision " + revision + ": " + rule);
    }
    return found;
  }

  /** The same rules behind another matcher. */
  RuleSet with(Matcher other) {
    return new RuleSet(
        revision, other, List.copyOf(placed.values()), List.copyOf(stateful.values()));
  }

  /** Events that some rule failed on. */
  public long failures() {
    return matcher instanceof GuardedMatcher guarded ? guarded.failures() : 0;
  }

  /** Whether it reads each event twice, for rules that changed since the index was made. */
  boolean isLayered() {
    return matcher instanceof GuardedMatcher guarded && guarded.isLayered();
  }

  /** Rules that changed since the index was made. */
  int changes() {
    return matcher instanceof GuardedMatcher guarded ? guarded.changes() : 0;
  }

  /** All detection rules. */
  public List<PlacedRule> placed() {
    return List.copyOf(placed.values());
  }

  /** {@code id@version} of all that runs. */
  Set<String> keys() {
    Set<String> keys = new HashSet<>(stateful.keySet());
    placed.values().forEach(rule -> keys.add(rule.key()));
    return keys;
  }

  /** Detection rules that run. */
  public int size() {
    return placed.size();
  }

  /** Stateful rules by {@code id@version}, each after those it refers to. */
  public Map<String, PlacedStatefulRule> stateful() {
    return java.util.Collections.unmodifiableMap(stateful);
  }

  @Override
  public String toString() {
    return "revision " + revision + ": " + size() + " rules, " + stateful.size() + " stateful";
  }
}
