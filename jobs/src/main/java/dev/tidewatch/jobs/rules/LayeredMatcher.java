package dev.tidewatch.jobs.rules;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.match.Matcher;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Thousands of rules of which a few have changed: the large index as it was, a small one of what
 * came, and a mask over what went. Is made in milliseconds where an index of all rules takes
 * seconds; costs an event a second reading, so that it is to be merged when there is time.
 */
final class LayeredMatcher implements Matcher {
  private final List<SigmaRule> rules;
  private final IndexedMatcher base;
  private final Set<SigmaRule> gone;
  private final IndexedMatcher delta;

  private LayeredMatcher(
      List<SigmaRule> rules, IndexedMatcher base, Set<SigmaRule> gone, IndexedMatcher delta) {
    this.rules = rules;
    this.base = base;
    this.gone = gone;
    this.delta = delta;
  }

  /**
   * @param rules those to be matched; a rule is the same only if it is the same object
   * @return {@code base} itself when its rules are these
   */
  static Matcher over(IndexedMatcher base, List<SigmaRule> rules) {
    Set<SigmaRule> gone = identitySet();
    gone.addAll(base.rules());
    List<SigmaRule> came = new ArrayList<>();
    for (SigmaRule rule : rules) {
      if (!gone.remove(rule)) {
        came.add(rule);
      }
    }
    return gone.isEmpty() && came.isEmpty()
        ? base
        : new LayeredMatcher(List.copyOf(rules), base, gone, new IndexedMatcher(came));
  }

  private static Set<SigmaRule> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  @Override
  public List<SigmaRule> rules() {
    return rules;
  }

  /** Rules that differ from those of the base. */
  int changes() {
    return gone.size() + delta.rules().size();
  }

  /** Rules of the base first. */
  @Override
  public List<RuleMatch> match(EventDocument event) {
    List<RuleMatch> kept = withoutGone(base.match(event));
    List<RuleMatch> more = delta.rules().isEmpty() ? List.of() : delta.match(event);
    if (kept.isEmpty() || more.isEmpty()) {
      return kept.isEmpty() ? more : kept;
    }
    List<RuleMatch> all = new ArrayList<>(kept);
    all.addAll(more);
    return all;
  }

  private List<RuleMatch> withoutGone(List<RuleMatch> matches) {
    return matches.isEmpty() || gone.isEmpty()
        ? matches
        : matches.stream().filter(match -> !gone.contains(match.rule())).toList();
  }
}
