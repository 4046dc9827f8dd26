package dev.tidewatch.sigma.rewrite;

import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Condition.AllOf;
import dev.tidewatch.sigma.ir.Condition.And;
import dev.tidewatch.sigma.ir.Condition.AtLeast;
import dev.tidewatch.sigma.ir.Condition.Not;
import dev.tidewatch.sigma.ir.Condition.Or;
import dev.tidewatch.sigma.ir.Condition.Selection;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.parse.ParsedDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins a filter's condition with AND to each rule it is for (row 31). The filter's selections come
 * along under names of their own: {@code filter/<id>/<selection>}.
 */
public final class ApplyFilter {
  private final ParsedDocument.Filter filter;

  public ApplyFilter(ParsedDocument.Filter filter) {
    this.filter = filter;
  }

  /** The rule with the filter, or the rule itself if the filter is not for it. */
  public SigmaRule apply(SigmaRule rule) {
    if (!isFor(rule)) {
      return rule;
    }
    Map<String, Search> selections = new LinkedHashMap<>(rule.detection().selections());
    filter.detection().selections().forEach((name, search) -> selections.put(own(name), search));
    Condition both =
        new And(List.of(rule.detection().condition(), renamed(filter.detection().condition())));
    return rule.withDetection(new Detection(selections, both));
  }

  private boolean isFor(SigmaRule rule) {
    if (filter.rules().isEmpty()) {
      return filter.head().logSource().covers(rule.logSource());
    }
    return filter.rules().stream()
        .anyMatch(name -> name.text().equals(rule.id()) || name.text().equals(rule.name()));
  }

  private String own(String selection) {
    return "filter/" + filter.head().id() + "/" + selection;
  }

  private Condition renamed(Condition condition) {
    if (condition instanceof And and) {
      return new And(and.terms().stream().map(this::renamed).toList());
    }
    if (condition instanceof Or or) {
      return new Or(or.terms().stream().map(this::renamed).toList());
    }
    if (condition instanceof Not not) {
      return new Not(renamed(not.term()));
    }
    if (condition instanceof AtLeast atLeast) {
      return new AtLeast(atLeast.count(), own(atLeast.pattern()), renamed(atLeast.selections()));
    }
    if (condition instanceof AllOf allOf) {
      return new AllOf(own(allOf.pattern()), renamed(allOf.selections()));
    }
    return new Selection(own(((Selection) condition).name()));
  }

  private List<String> renamed(List<String> names) {
    return names.stream().map(this::own).toList();
  }
}
