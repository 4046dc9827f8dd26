package dev.tidewatch.jobs.rules;

import dev.tidewatch.events.v1.RuleFault;
import dev.tidewatch.sigma.SigmaRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rule versions that do not run in this process, with why: they do not compile, or failed on too
 * many events. The latter stay out until another version is deployed. Thread-safe.
 */
final class RuleFaults {
  /** Code of a rule that failed on too many events. */
  static final String FAILED = "TW-R0001";

  private final int maxFailures;
  private final Map<String, Integer> failures = new HashMap<>();
  private final Map<String, RuleFault> disabled = new LinkedHashMap<>();
  private List<RuleFault> refused = List.of();

  /**
   * @param maxFailures events that a rule may fail on before it is disabled
   */
  RuleFaults(int maxFailures) {
    this.maxFailures = maxFailures;
  }

  /**
   * The rule failed on an event.
   *
   * @return how often it has, with this
   */
  synchronized int failed(SigmaRule rule, Throwable cause) {
    int count = failures.merge(key(rule), 1, Integer::sum);
    if (count >= maxFailures) {
      disabled.putIfAbsent(
          key(rule),
          RuleFault.newBuilder()
              .setRuleId(rule.id())
              .setVersion(rule.version())
              .setCode(FAILED)
              .setMessage("failed on " + count + " events, the last with " + cause)
              .build());
    }
    return count;
  }

  synchronized boolean isDisabled(SigmaRule rule) {
    return disabled.containsKey(key(rule));
  }

  /** Rules of the revision in force that do not compile. */
  synchronized void refused(List<RuleFault> faults) {
    refused = List.copyOf(faults);
  }

  /** Only these run from now on: what is known of others is forgotten. */
  synchronized void retain(List<SigmaRule> rules) {
    Set<String> keys = new HashSet<>();
    rules.forEach(rule -> keys.add(key(rule)));
    failures.keySet().retainAll(keys);
    disabled.keySet().retainAll(keys);
  }

  synchronized List<RuleFault> all() {
    List<RuleFault> all = new java.util.ArrayList<>(refused);
    all.addAll(disabled.values());
    return all;
  }

  private static String key(SigmaRule rule) {
    return PlacedRule.key(rule.id(), rule.version());
  }
}
