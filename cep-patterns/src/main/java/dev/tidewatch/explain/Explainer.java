package dev.tidewatch.explain;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.explain.Explanation.Role;
import dev.tidewatch.explain.Explanation.SelectionResult;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Search;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Evaluates one rule on one event without short cuts and keeps the reason of every step. */
public final class Explainer {
  private final EventDocument event;
  private final IndexedMatcher matcher;
  private final Map<String, SearchResult> selections = new LinkedHashMap<>();
  private final Map<String, Role> roles = new HashMap<>();

  private Explainer(EventDocument event, IndexedMatcher matcher) {
    this.event = event;
    this.matcher = matcher;
  }

  public static Explanation explain(SigmaRule rule, EventDocument event) {
    return explain(rule, event, new IndexedMatcher(List.of(rule)));
  }

  /**
   * @param matcher has the rule: what else is in a rule set decides by which witness a rule is
   *     found
   */
  public static Explanation explain(SigmaRule rule, EventDocument event, IndexedMatcher matcher) {
    return new Explainer(event, matcher).explain(rule);
  }

  private Explanation explain(SigmaRule rule) {
    rule.detection().selections().forEach((name, s) -> selections.put(name, search(s)));
    ConditionResult condition = condition(rule.detection().condition(), false);
    List<SelectionResult> results = new ArrayList<>();
    selections.forEach(
        (name, result) ->
            results.add(new SelectionResult(name, roles.getOrDefault(name, Role.UNUSED), result)));
    return new Explanation(
        rule,
        LogSourceResult.of(rule.logSource(), event),
        rule.detection().condition().toString(),
        condition,
        results,
        matcher.candidacy(rule, event));
  }

  private ConditionResult condition(Condition condition, boolean negated) {
    if (condition instanceof Condition.And and) {
      List<ConditionResult> terms = terms(and.terms(), negated);
      return new ConditionResult.And(terms.stream().allMatch(ConditionResult::holds), terms);
    }
    if (condition instanceof Condition.Or or) {
      List<ConditionResult> terms = terms(or.terms(), negated);
      return new ConditionResult.Or(terms.stream().anyMatch(ConditionResult::holds), terms);
    }
    if (condition instanceof Condition.Not not) {
      ConditionResult term = condition(not.term(), !negated);
      return new ConditionResult.Not(!term.holds(), term);
    }
    if (condition instanceof Condition.AtLeast atLeast) {
      return quantified(condition, atLeast.count(), atLeast.selections(), negated);
    }
    if (condition instanceof Condition.AllOf all) {
      return quantified(condition, all.selections().size(), all.selections(), negated);
    }
    return selection(((Condition.Selection) condition).name(), negated);
  }

  private List<ConditionResult> terms(List<Condition> terms, boolean negated) {
    return terms.stream().map(term -> condition(term, negated)).toList();
  }

  private ConditionResult quantified(
      Condition condition, int needed, List<String> names, boolean negated) {
    List<ConditionResult.Selection> results =
        names.stream().map(name -> selection(name, negated)).toList();
    long held = results.stream().filter(ConditionResult::holds).count();
    return new ConditionResult.Quantified(held >= needed, condition.toString(), needed, results);
  }

  private ConditionResult.Selection selection(String name, boolean negated) {
    SearchResult result = selections.get(name);
    if (result == null) {
      throw new IllegalArgumentException("no selection named " + name);
    }
    Role role = negated ? Role.EXCLUSION : Role.SELECTION;
    roles.merge(name, role, (a, b) -> a == b ? a : Role.BOTH);
    return new ConditionResult.Selection(result.holds(), name);
  }

  private SearchResult search(Search search) {
    if (search instanceof Search.Every every) {
      List<SearchResult> parts = parts(every.parts());
      return new SearchResult.Every(parts.stream().allMatch(SearchResult::holds), parts);
    }
    if (search instanceof Search.Any any) {
      List<SearchResult> parts = parts(any.parts());
      return new SearchResult.Any(parts.stream().anyMatch(SearchResult::holds), parts);
    }
    if (search instanceof Search.Negated negated) {
      SearchResult part = search(negated.part());
      return new SearchResult.Negated(!part.holds(), part);
    }
    return new PredicateTrial(((Search.Test) search).predicate(), event).result();
  }

  private List<SearchResult> parts(List<Search> parts) {
    return parts.stream().map(this::search).toList();
  }
}
