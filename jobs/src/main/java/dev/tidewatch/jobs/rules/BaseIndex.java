package dev.tidewatch.jobs.rules;

import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.match.Matcher;
import dev.tidewatch.sigma.SigmaRule;
import java.util.List;

/**
 * The large index that revisions are layers over. A new one is made in the background, while others
 * go on. Thread-safe.
 */
final class BaseIndex {
  private final RuleFaults faults;
  private volatile IndexedMatcher base = new IndexedMatcher(List.of());

  BaseIndex(RuleFaults faults) {
    this.faults = faults;
  }

  /** A matcher over the rules that are not disabled; the first makes the index. */
  GuardedMatcher guarded(List<SigmaRule> rules) {
    if (base.rules().isEmpty()) {
      base = new IndexedMatcher(runnable(rules));
    }
    return over(rules);
  }

  /** Makes the index anew of {@code rules}. Takes a second for thousands. */
  GuardedMatcher merge(List<SigmaRule> rules) {
    base = new IndexedMatcher(runnable(rules));
    return over(rules);
  }

  private GuardedMatcher over(List<SigmaRule> rules) {
    Matcher matcher = LayeredMatcher.over(base, runnable(rules));
    return new GuardedMatcher(matcher, this::part, faults);
  }

  private List<SigmaRule> runnable(List<SigmaRule> rules) {
    return rules.stream().filter(rule -> !faults.isDisabled(rule)).toList();
  }

  /**
   * A rule that is asked alone needs no index. Without a rule that fails the index is made anew: a
   * mask over it would still evaluate that rule.
   */
  private Matcher part(List<SigmaRule> rules) {
    if (rules.size() == 1) {
      return new ExhaustiveMatcher(rules);
    }
    IndexedMatcher without = new IndexedMatcher(rules);
    base = without;
    return without;
  }
}
