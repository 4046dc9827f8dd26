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
 * one: the matches of those that succeed stand, those that fail are counted, and one that failed
 * too often is taken out. When many rules fail on one event, it is the event's fault and no rule is
 * blamed: otherwise whoever can write a strange event could switch detection off. Thread-safe.
 */
final class GuardedMatcher {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedMatcher.class);

  /** When more rules than this fail on one event, none of them is the reason. */
  private static final int MOST_TO_BLAME = 4;

  private final Function<List<SigmaRule>, Matcher> compile;
  private final int maxFailures;
  private final Map<String, Integer> failuresByRule = new HashMap<>();
  private volatile Matcher matcher;
  private volatile List<Matcher> oneByOne = List.of();
  private volatile long failures;

  private record Failed(SigmaRule rule, Throwable cause) {}

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

  /** Events that some rule failed on. */
  long failures() {
    return failures;
  }

  List<RuleMatch> match(EventDocument event) {
    try {
      return matcher.match(event);
    } catch (RuntimeException | StackOverflowError e) {
      return matchOneByOne(event);
    }
  }

  private synchronized List<RuleMatch> matchOneByOne(EventDocument event) {
    failures++;
    if (oneByOne.size() != matcher.rules().size()) {
      oneByOne = matcher.rules().stream().map(rule -> compile.apply(List.of(rule))).toList();
    }
    List<RuleMatch> matches = new ArrayList<>();
    List<Failed> failed = new ArrayList<>();
    for (Matcher single : oneByOne) {
      try {
        matches.addAll(single.match(event));
      } catch (RuntimeException | StackOverflowError e) {
        failed.add(new Failed(single.rules().get(0), e));
      }
    }
    blame(failed);
    return matches;
  }

  private void blame(List<Failed> failed) {
    if (failed.size() > MOST_TO_BLAME) {
      LOG.warn("{} rules failed on one event", failed.size(), failed.get(0).cause());
    } else {
      failed.forEach(this::blame);
    }
  }

  private void blame(Failed failed) {
    SigmaRule rule = failed.rule();
    int count = failuresByRule.merge(rule.id(), 1, Integer::sum);
    if (count == 1) {
      LOG.warn("Rule {} in {} failed on an event", rule, rule.file(), failed.cause());
    }
    if (count == maxFailures) {
      LOG.error("Rule {} in {} failed on {} events: disabled", rule, rule.file(), count);
      matcher = compile.apply(rules().stream().filter(r -> !r.id().equals(rule.id())).toList());
    }
  }
}
