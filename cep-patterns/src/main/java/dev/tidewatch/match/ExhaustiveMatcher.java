package dev.tidewatch.match;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.sigma.SigmaRule;
import java.util.List;

/**
 * Evaluates every rule whose log source covers the event's, one by one. The reference that faster
 * matchers are held against.
 */
public final class ExhaustiveMatcher implements Matcher {
  private final List<SigmaRule> rules;

  public ExhaustiveMatcher(List<SigmaRule> rules) {
    this.rules = List.copyOf(rules);
  }

  @Override
  public List<SigmaRule> rules() {
    return rules;
  }

  @Override
  public List<RuleMatch> match(EventDocument event) {
    throw new UnsupportedOperationException();
  }
}
