package dev.tidewatch.jobs.rules;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.match.Matcher;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rule set that no rule can bring down. When matching an event fails, its rules are asked one by
 * one: the matches of those that succeed stand, those that fail are counted, and one that failed
 * too often is taken out. When many rules fail on one event, it is the event's fault and no rule is
 * blamed: otherwise whoever can write a strange event could switch detection off. Thread-safe.
 */
public final class GuardedMatcher implements Matcher {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedMatcher.class);

  /** When more rules than this fail on one event, none of them is the reason. */
  private static final int MOST_TO_BLAME = 4;

  private final Function<List<SigmaRule>, Matcher> compile;
  private final RuleFaults faults;
  private volatile Matcher matcher;
  private volatile List<Matcher> oneByOne = List.of();
  private volatile long failures;

  private record Failed(SigmaRule rule, Throwable cause) {}

  /**
   * @param compile makes the matcher of a part of the rules
   * @param faults told of rules that fail; says which are out
   */
  GuardedMatcher(Matcher matcher, Function<List<SigmaRule>, Matcher> compile, RuleFaults faults) {
    this.compile = compile;
    this.faults = faults;
    this.matcher = matcher;
  }

  /** Rules that are in use. */
  @Override
  public List<SigmaRule> rules() {
    return matcher.rules();
  }

  /** Whether it reads each event twice, for rules that changed since the index was made. */
  boolean isLayered() {
    return matcher instanceof LayeredMatcher;
  }

  /** Rules that changed since the index was made. */
  int changes() {
    return matcher instanceof LayeredMatcher layered ? layered.changes() : 0;
  }

  /** Events that some rule failed on. */
  public long failures() {
    return failures;
  }

  @Override
  public List<RuleMatch> match(EventDocument event) {
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
    int count = faults.failed(rule, failed.cause());
    if (count == 1) {
      LOG.warn("Rule {} in {} failed on an event", rule, rule.file(), failed.cause());
    }
    if (faults.isDisabled(rule) && rules().contains(rule)) {
      LOG.error("Rule {} in {} failed on {} events: disabled", rule, rule.file(), count);
      matcher = compile.apply(rules().stream().filter(r -> r != rule).toList());
    }
  }
}
