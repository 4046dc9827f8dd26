package dev.tidewatch.jobs.rules;

import dev.tidewatch.events.v1.Stage;
import dev.tidewatch.remember.StatefulRule;

/**
 * A correlation or pattern that REMEMBER runs.
 *
 * @param rule with the version that is deployed
 * @param stage shadow or live: what its alerts say
 * @param audience tenants whose matches it sees
 * @param silent it does not alert by itself: only chains listen to it (row 30)
 */
public record PlacedStatefulRule(
    StatefulRule rule, Stage stage, Audience audience, boolean silent) {
  public String key() {
    return PlacedRule.key(rule.id(), rule.version());
  }
}
