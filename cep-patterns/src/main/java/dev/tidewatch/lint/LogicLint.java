package dev.tidewatch.lint;

import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Search;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Whether a rule, its selections and their alternatives can hold, and what they are for. */
final class LogicLint {
  /** Each of them is weighed against the whole rule. */
  private static final int MOST_SELECTIONS = 100;

  private final RuleDocument document;
  private final Detection detection;
  private final Findings findings;
  private final Tableau tableau;
  private final Set<String> plain = new LinkedHashSet<>();
  private final Set<String> negated = new LinkedHashSet<>();

  LogicLint(RuleDocument document, SigmaRule rule, Findings findings) {
    this(document, rule, findings, new Tableau());
  }

  LogicLint(RuleDocument document, SigmaRule rule, Findings findings, Tableau tableau) {
    this.document = document;
    this.detection = rule.detection();
    this.findings = findings;
    this.tableau = tableau;
  }

  void check() {
    uses(detection.condition(), false);
    names();
    boolean unreachable = reachability();
    if (!outcome(unreachable)) {
      effects();
    }
  }

  private void uses(Condition condition, boolean under) {
    if (condition instanceof Condition.And and) {
      and.terms().forEach(term -> uses(term, under));
    } else if (condition instanceof Condition.Or or) {
      or.terms().forEach(term -> uses(term, under));
    } else if (condition instanceof Condition.Not not) {
      uses(not.term(), !under);
    } else if (condition instanceof Condition.AtLeast some) {
      quantified(some.pattern(), some.toString(), some.selections(), under);
    } else if (condition instanceof Condition.AllOf all) {
      quantified(all.pattern(), all.toString(), all.selections(), under);
    } else {
      (under ? negated : plain).add(((Condition.Selection) condition).name());
    }
  }

  private void quantified(String pattern, String text, List<String> selections, boolean under) {
    (under ? negated : plain).addAll(selections);
    if (pattern.toLowerCase(Locale.ROOT).equals("them")) {
      findings.add(
          LintCode.OF_THEM,
          document.ofCondition(),
          "'" + text + "' takes in every selection that is added later",
          "name the selections alike: 1 of selection_*");
    }
  }

  private void names() {
    for (String name : negated) {
      boolean filter = name.toLowerCase(Locale.ROOT).contains("filter");
      if (!filter && !plain.contains(name) && !isOfFilterDocument(name) && !plain.isEmpty()) {
        findings.add(
            LintCode.EXCLUSION_NAME,
            document.ofSelection(name),
            "'" + name + "' is excluded, and its name does not say so",
            "filter_" + name);
      }
    }
    for (String name : plain) {
      if (name.startsWith("filter") && !negated.contains(name) && !isOfFilterDocument(name)) {
        findings.add(
            LintCode.FILTER_NOT_EXCLUDED,
            document.ofSelection(name),
            "'" + name + "' is needed, and its name says the opposite",
            "write not before it, or call it selection");
      }
    }
  }

  private static boolean isOfFilterDocument(String name) {
    return name.indexOf('/') >= 0;
  }

  /** Selections and alternatives that can never hold. */
  private boolean reachability() {
    boolean any = false;
    for (String name : detection.selections().keySet()) {
      Search search = detection.selection(name);
      if (tableau.isImpossible(Formula.of(search))) {
        any = true;
        findings.add(
            LintCode.UNREACHABLE,
            document.ofSelection(name),
            "the selection '" + name + "' can never hold: its tests contradict each other",
            "");
      } else if (search instanceof Search.Any alternatives) {
        alternatives(name, alternatives);
      }
    }
    return any;
  }

  private void alternatives(String name, Search.Any any) {
    for (int i = 0; i < any.parts().size(); i++) {
      if (tableau.isImpossible(Formula.of(any.parts().get(i)))) {
        findings.add(
            LintCode.UNREACHABLE,
            document.ofSelection(name),
            "alternative " + (i + 1) + " of '" + name + "' can never hold",
            "");
      }
    }
  }

  /** True when the whole rule is settled, so that its parts need no look. */
  private boolean outcome(boolean unreachable) {
    Formula rule = Formula.of(detection);
    if (tableau.isImpossible(rule)) {
      findings.add(
          LintCode.NEVER_MATCHES,
          document.ofCondition(),
          "the rule can never match",
          unreachable ? "" : "an exclusion covers all that is selected, or terms contradict");
      return true;
    }
    if (tableau.isImpossible(new Formula.No(rule))) {
      findings.add(
          LintCode.ALWAYS_MATCHES,
          document.ofCondition(),
          "the rule matches every event of its log source",
          "");
      return true;
    }
    if (Formula.holdsForNothing(rule)) {
      findings.add(
          LintCode.MATCHES_WITHOUT_FIELDS,
          document.ofCondition(),
          "the rule matches events that have none of its fields",
          "add a selection that wants a value");
    }
    if (tableau.isImpossibleWithOneValue(rule)) {
      findings.add(
          LintCode.ONLY_LISTS_MATCH,
          document.ofCondition(),
          "the rule wants different values of one field at once",
          "join them with or, unless the field is a list");
    }
    return false;
  }

  private void effects() {
    Set<String> used = new LinkedHashSet<>(plain);
    used.addAll(negated);
    if (used.size() > MOST_SELECTIONS) {
      return;
    }
    for (String name : used) {
      Formula own = Formula.of(detection.selection(name));
      if (!tableau.isImpossible(own) && !hasEffect(name, own)) {
        findings.add(
            LintCode.SELECTION_WITHOUT_EFFECT,
            document.ofSelection(name),
            "'" + name + "' cannot change whether the rule matches",
            "drop it, or check the condition");
      }
    }
  }

  /** Whether the rule would differ somewhere if the selection always held, or never did. */
  private boolean hasEffect(String name, Formula own) {
    Formula with = replaced(name, Formula.TRUE);
    Formula without = replaced(name, Formula.FALSE);
    Formula gains = new Formula.All(List.of(with, new Formula.No(without)));
    Formula loses = new Formula.All(List.of(new Formula.No(with), without));
    return possible(own, gains, loses) && possible(new Formula.No(own), gains, loses);
  }

  private boolean possible(Formula given, Formula gains, Formula loses) {
    return !tableau.isImpossible(new Formula.All(List.of(given, gains)))
        || !tableau.isImpossible(new Formula.All(List.of(given, loses)));
  }

  private Formula replaced(String name, Formula by) {
    return Formula.of(
        detection.condition(),
        other -> other.equals(name) ? by : Formula.of(detection.selection(other)));
  }
}
