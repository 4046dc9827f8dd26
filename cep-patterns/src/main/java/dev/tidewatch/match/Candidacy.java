package dev.tidewatch.match;

import java.util.List;

/**
 * Why an index tried a rule on an event, or never looked at it.
 *
 * @param witnesses text of which one must be found for the rule to fire; empty unless {@code
 *     outcome} is about witnesses
 * @param found those that were found in the event
 */
public record Candidacy(Outcome outcome, List<Witness> witnesses, List<Witness> found) {
  /** What became of a rule. */
  public enum Outcome {
    /** A witness was found: its condition was evaluated. */
    WITNESS_FOUND,
    /** No witness was found, so it cannot fire: its condition was never evaluated. */
    NO_WITNESS,
    /** It needs no text that an index could find, and is tried on every event of its kind. */
    ALWAYS_TRIED,
    /** Channel, event id or the like alone decide that it cannot fire. */
    RULED_OUT,
    /** Its log source does not cover the event. */
    NOT_ROUTED,
    /** The event has a form that only the reference reads; it tries every rule. */
    LEFT_TO_REFERENCE
  }

  /**
   * Text that must be in a field.
   *
   * @param field its name; empty: anywhere in the event
   * @param operator as in Sigma: {@code equals}, {@code startswith}, {@code endswith}, {@code
   *     contains}
   * @param literal folded as matching folds it
   */
  public record Witness(String field, String operator, String literal) {}

  public Candidacy {
    witnesses = List.copyOf(witnesses);
    found = List.copyOf(found);
  }

  /** Whether the rule's condition was evaluated. */
  public boolean wasTried() {
    return outcome == Outcome.WITNESS_FOUND
        || outcome == Outcome.ALWAYS_TRIED
        || outcome == Outcome.LEFT_TO_REFERENCE;
  }
}
