package dev.tidewatch.jobs.match;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.match.Matcher;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rule set that no rule can bring down. When matching an event fails, its rules are asked one by
 * one: those that fail are counted, the others' matches stand. A rule that failed too often is
 * taken out. Thread-safe.
 */
final class GuardedMatcher {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedMatcher.class);
  private final Function<List<SigmaRule>, Matcher> compile;
  private final int maxFailures;
  private final Map<String, Integer> failures = new HashMap<>();
  private volatile Matcher matcher;
  private volatile long failureCount;

  /**
   * @param maxFailures events that a rule may fail on before it is disabled
   */
  GuardedMatcher(
      List<SigmaRule> rules, Function<List<SigmaRule>, Matcher> compile, int maxFailures) {
    this.compile = compile;
    this.maxFailures = maxFailures;
    this.matcher = compile.apply(rules);
  }

  /** Rules that are in use. */
  List<SigmaRule> rules() {
    return matcher.rules();
  }

  /** How often a rule failed on an event, over all rules. */
  long failureCount() {
    return failureCount;
  }

  List<RuleMatch> match(EventDocument event) {
    Matcher current = matcher;
    try {
      return current.match(event);
    } catch (RuntimeException | StackOverflowError e) {
      return matchOneByOne(current.rules(), event);
    }
  }

  private List<RuleMatch> matchOneByOne(List<SigmaRule> rules, EventDocument event) {
    List<RuleMatch> matches = new ArrayList<>();
    for (SigmaRule rule : rules) {
      try {
        matches.addAll(compile.apply(List.of(rule)).match(event));
      } catch (RuntimeException | StackOverflowError e) {
        failed(rule, e);
      }
    }
    return matches;
  }

  private synchronized void failed(SigmaRule rule, Throwable failure) {
    failureCount++;
    int count = failures.merge(rule.id(), 1, Integer::sum);
    if (count == 1) {
      LOG.warn("Rule {} ({}) failed on an event", rule.id(), rule.file(), failure);
    }
    if (count == maxFailures) {
      LOG.error(
          "Rule {} ({}) failed on {} events and is disabled: {}",
          rule.id(),
          rule.file(),
          count,
          failure.toString());
      matcher =
          compile.apply(
              matcher.rules().stream().filter(other -> !other.id().equals(rule.id())).toList());
    }
  }
}
