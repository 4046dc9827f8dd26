package dev.tidewatch.jobs.remember;

import dev.tidewatch.jobs.rules.PlacedStatefulRule;
import dev.tidewatch.jobs.rules.RuleSet;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.remember.Subscriptions;
import java.util.IdentityHashMap;
import java.util.Map;

/** A rule set as stateful rules see it: who listens to whom. */
final class RuleView {
  private final RuleSet set;
  private final Subscriptions subscriptions;
  private final Map<StatefulRule, PlacedStatefulRule> placed = new IdentityHashMap<>();

  RuleView(RuleSet set) {
    this.set = set;
    for (PlacedStatefulRule rule : set.stateful().values()) {
      placed.put(rule.rule(), rule);
    }
    subscriptions =
        Subscriptions.of(set.stateful().values().stream().map(PlacedStatefulRule::rule).toList());
  }

  RuleSet set() {
    return set;
  }

  Subscriptions subscriptions() {
    return subscriptions;
  }

  /**
   * @param rule the very object that the subscriptions name
   */
  PlacedStatefulRule placed(StatefulRule rule) {
    PlacedStatefulRule found = placed.get(rule);
    if (found == null) {
      throw new IllegalArgumentException("not of " + set + ": " + rule);
    }
    return found;
  }
}
