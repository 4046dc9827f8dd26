package dev.tidewatch.explain;

import dev.tidewatch.match.Candidacy;
import dev.tidewatch.sigma.SigmaRule;
import java.util.List;

/**
 * Why {@code rule} fires on an event, or does not. Everything is evaluated, even where the matcher
 * would have stopped: selections of an event that the log source does not cover, terms after one
 * that decided.
 *
 * @param conditionText the condition as Sigma text, filters included
 * @param selections in the order of the rule, those of filters last
 * @param candidacy what the matcher's index makes of the rule and the event
 */
public record Explanation(
    SigmaRule rule,
    LogSourceResult logSource,
    String conditionText,
    ConditionResult condition,
    List<SelectionResult> selections,
    Candidacy candidacy) {

  /** What decided. */
  public enum Verdict {
    FIRES,
    /** The rule does not look at such events; its detection was not asked. */
    LOG_SOURCE_DIFFERS,
    CONDITION_DOES_NOT_HOLD
  }

  /** What a selection is for. */
  public enum Role {
    SELECTION,
    /** It stands under {@code not}. */
    EXCLUSION,
    /** Both with and without {@code not}. */
    BOTH,
    /** The condition does not name it. */
    UNUSED
  }

  /** One selection. */
  public record SelectionResult(String name, Role role, SearchResult search) {
    public boolean holds() {
      return search.holds();
    }
  }

  public Explanation {
    selections = List.copyOf(selections);
  }

  /** Whether a matcher reports the rule for the event. */
  public boolean fired() {
    return logSource.covers() && condition.holds();
  }

  /**
   * What decided, in words: the log source's attributes that differ, or the selections that hold or
   * do not.
   */
  public List<String> reasons() {
    return Reasons.of(this);
  }

  public Verdict verdict() {
    if (!logSource.covers()) {
      return Verdict.LOG_SOURCE_DIFFERS;
    }
    return condition.holds() ? Verdict.FIRES : Verdict.CONDITION_DOES_NOT_HOLD;
  }
}
