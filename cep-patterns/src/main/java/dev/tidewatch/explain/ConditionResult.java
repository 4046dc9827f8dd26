package dev.tidewatch.explain;

import java.util.List;

/** What became of the condition, term by term. Selections stand here by name. */
public sealed interface ConditionResult {
  boolean holds();

  /** All of the terms are needed. */
  record And(boolean holds, List<ConditionResult> terms) implements ConditionResult {
    public And {
      terms = List.copyOf(terms);
    }
  }

  /** One of the terms is enough. */
  record Or(boolean holds, List<ConditionResult> terms) implements ConditionResult {
    public Or {
      terms = List.copyOf(terms);
    }
  }

  /** Holds if the term does not: an exclusion. */
  record Not(boolean holds, ConditionResult term) implements ConditionResult {}

  /**
   * {@code 1 of selection_*}, {@code all of them}.
   *
   * @param text as the rule has it
   * @param needed so many selections must hold
   * @param selections those that the pattern fits
   */
  record Quantified(boolean holds, String text, int needed, List<Selection> selections)
      implements ConditionResult {
    public Quantified {
      selections = List.copyOf(selections);
    }

    /** How many hold. */
    public long held() {
      return selections.stream().filter(Selection::holds).count();
    }
  }

  /** A selection by its name. */
  record Selection(boolean holds, String name) implements ConditionResult {}
}
