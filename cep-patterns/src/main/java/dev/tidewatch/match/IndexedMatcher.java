package dev.tidewatch.match;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.match.index.IndexedRules;
import dev.tidewatch.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.List;

/**
 * The fast matcher. Finds the rules that may fire by the literals they need, straight from the
 * payload's bytes; answers exactly as {@link ExhaustiveMatcher} does. Immutable to its users and
 * shared by threads; parts of the index are made when the first event asks for them.
 */
public final class IndexedMatcher implements Matcher {
  private final IndexedRules rules;
  private final ThreadLocal<MatchSession> sessions;

  public IndexedMatcher(List<SigmaRule> rules) {
    this.rules = new IndexedRules(rules);
    this.sessions = ThreadLocal.withInitial(this.rules::newSession);
  }

  @Override
  public List<SigmaRule> rules() {
    return rules.rules();
  }

  /** For one thread: matches payloads without making documents or evidence. */
  public MatchSession newSession() {
    return rules.newSession();
  }

  /** Kinds of events that have asked for rules of their own so far. */
  public int partitionCount() {
    return rules.partitionCount();
  }

  /**
   * Which witness makes a rule a candidate for an event, or why it is never one.
   *
   * @param rule one of {@link #rules}
   */
  public Candidacy candidacy(SigmaRule rule, EventDocument event) {
    return rules.candidacy(rules.indexOf(rule), event);
  }

  @Override
  public List<RuleMatch> match(EventDocument event) {
    MatchSession session = sessions.get();
    byte[] payload = event.payloadBytes();
    int fired = session.match(payload, 0, payload.length, event.sourceHint());
    if (fired <= 0) {
      return List.of();
    }
    List<RuleMatch> matches = new ArrayList<>(fired);
    for (int i = 0; i < fired; i++) {
      matches.addAll(rules.evidence(session.fired(i)).match(event));
    }
    return matches;
  }
}
