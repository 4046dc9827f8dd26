package dev.tidewatch.jobs.rules;

import dev.tidewatch.events.v1.Stage;
import dev.tidewatch.sigma.SigmaRule;

/**
 * A detection rule that MATCH evaluates, and what is done with its matches.
 *
 * @param rule with the version that is deployed
 * @param stage shadow or live: what its alerts say
 * @param audience tenants whose events it is evaluated for
 * @param silent it does not alert by itself: stateful rules listen to it (row 30)
 * @param feeds tenants for which its matches go to the stateful rules that name its id; of two
 *     versions that run for a tenant, the live one feeds
 */
public record PlacedRule(
    SigmaRule rule, Stage stage, Audience audience, boolean silent, Audience feeds) {
  /** Id and version, as counters and state call it: {@code id@version}. */
  public String key() {
    return key(rule.id(), rule.version());
  }

  public static String key(String ruleId, int version) {
    return ruleId + "@" + version;
  }
}
