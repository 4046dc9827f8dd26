package dev.tidewatch.match;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.sigma.SigmaRule;
import java.util.List;

/** A compiled rule set. Immutable, shared by threads. */
public interface Matcher {
  List<SigmaRule> rules();

  /** Rules that fire on {@code event}, in rule-set order; empty when none does. */
  List<RuleMatch> match(EventDocument event);
}
