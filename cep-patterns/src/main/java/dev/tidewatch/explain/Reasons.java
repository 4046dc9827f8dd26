package dev.tidewatch.explain;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The terms that decided a condition, in words: those that would have to change. */
final class Reasons {
  private final Set<String> found = new LinkedHashSet<>();

  private Reasons() {}

  static List<String> of(Explanation explanation) {
    Reasons reasons = new Reasons();
    if (explanation.logSource().covers()) {
      reasons.why(explanation.condition());
    } else {
      explanation
          .logSource()
          .differences()
          .forEach(d -> reasons.found.add(d.attribute() + " is not " + d.wanted()));
    }
    return new ArrayList<>(reasons.found);
  }

  /** Why the term holds if it does, why not otherwise. */
  private void why(ConditionResult result) {
    if (result instanceof ConditionResult.And and) {
      decisive(and.terms(), false, and.holds());
    } else if (result instanceof ConditionResult.Or or) {
      decisive(or.terms(), true, or.holds());
    } else if (result instanceof ConditionResult.Not not) {
      why(not.term());
    } else if (result instanceof ConditionResult.Quantified quantified) {
      quantified(quantified);
    } else {
      ConditionResult.Selection selection = (ConditionResult.Selection) result;
      found.add("'" + selection.name() + "' " + (selection.holds() ? "holds" : "does not hold"));
    }
  }

  /** One term that is {@code deciding} decides; otherwise it took them all. */
  private void decisive(List<ConditionResult> terms, boolean deciding, boolean outcome) {
    terms.stream()
        .filter(term -> outcome != deciding || term.holds() == deciding)
        .forEach(this::why);
  }

  private void quantified(ConditionResult.Quantified quantified) {
    if (quantified.holds()) {
      quantified.selections().stream().filter(ConditionResult::holds).forEach(this::why);
    } else {
      found.add(
          String.format(
              "%d of the %d selections of '%s' hold",
              quantified.held(), quantified.selections().size(), quantified.text()));
    }
  }
}
