package dev.tidewatch.match;

import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns detections into plans, and gives each field that they read a slot. */
final class Planner {
  private static final int PATTERNS_SHOWN = 10;

  private final Map<String, Integer> slots = new HashMap<>();
  private final List<String> names = new ArrayList<>();

  /** Names of the fields read so far, by slot. */
  String[] fieldNames() {
    return names.toArray(String[]::new);
  }

  Plan plan(Detection detection) {
    Map<String, Plan> selections = new HashMap<>();
    detection
        .selections()
        .forEach((name, search) -> selections.put(name, new Plan.Named(name, plan(search))));
    return plan(detection.condition(), selections);
  }

  private Plan plan(Condition condition, Map<String, Plan> selections) {
    if (condition instanceof Condition.And and) {
      return new Plan.Every(plans(and.terms(), selections));
    }
    if (condition instanceof Condition.Or or) {
      return new Plan.AtLeast(1, plans(or.terms(), selections));
    }
    if (condition instanceof Condition.Not not) {
      return new Plan.Not(plan(not.term(), selections));
    }
    if (condition instanceof Condition.AtLeast atLeast) {
      return new Plan.AtLeast(atLeast.count(), named(atLeast.selections(), selections));
    }
    if (condition instanceof Condition.AllOf allOf) {
      return new Plan.Every(named(allOf.selections(), selections));
    }
    return selection(((Condition.Selection) condition).name(), selections);
  }

  private List<Plan> plans(List<Condition> conditions, Map<String, Plan> selections) {
    return conditions.stream().map(c -> plan(c, selections)).toList();
  }

  private static List<Plan> named(List<String> names, Map<String, Plan> selections) {
    return names.stream().map(name -> selection(name, selections)).toList();
  }

  private static Plan selection(String name, Map<String, Plan> selections) {
    Plan plan = selections.get(name);
    if (plan == null) {
      throw new IllegalArgumentException("no selection named " + name);
    }
    return plan;
  }

  private Plan plan(Search search) {
    if (search instanceof Search.Every every) {
      return new Plan.Every(every.parts().stream().map(this::plan).toList());
    }
    if (search instanceof Search.Any any) {
      return new Plan.AtLeast(1, any.parts().stream().map(this::plan).toList());
    }
    if (search instanceof Search.Negated negated) {
      return unequal(negated.part());
    }
    return plan(((Search.Test) search).predicate());
  }

  private Plan unequal(Search part) {
    List<Predicate> predicates = new ArrayList<>();
    collect(part, predicates);
    Predicate first = predicates.get(0);
    List<String> patterns = predicates.stream().map(Predicate::pattern).distinct().toList();
    String shown =
        String.join(", ", patterns.subList(0, Math.min(PATTERNS_SHOWN, patterns.size())))
            + (patterns.size() > PATTERNS_SHOWN ? ", …" : "");
    int slot = first.field().isEmpty() ? -1 : slot(first.field());
    return new PredicatePlans.Unequal(plan(part), first, slot, shown);
  }

  private static void collect(Search search, List<Predicate> into) {
    if (search instanceof Search.Every every) {
      every.parts().forEach(part -> collect(part, into));
    } else if (search instanceof Search.Any any) {
      any.parts().forEach(part -> collect(part, into));
    } else if (search instanceof Search.Negated negated) {
      collect(negated.part(), into);
    } else {
      into.add(((Search.Test) search).predicate());
    }
  }

  private Plan plan(Predicate predicate) {
    if (predicate.field().isEmpty()) {
      return keyword(predicate);
    }
    int slot = slot(predicate.field());
    if (predicate instanceof Predicate.Text text) {
      return new PredicatePlans.OfText(text, slot);
    }
    if (predicate instanceof Predicate.NumberEquals number) {
      return new PredicatePlans.OfNumber(number, slot);
    }
    if (predicate instanceof Predicate.IsNull isNull) {
      return new PredicatePlans.OfNull(isNull, slot);
    }
    if (predicate instanceof Predicate.Exists exists) {
      return new PredicatePlans.OfPresence(exists, slot);
    }
    if (predicate instanceof Predicate.Regex regex) {
      return new PredicatePlans.OfRegex(regex, slot);
    }
    if (predicate instanceof Predicate.InNetwork network) {
      return new PredicatePlans.OfNetwork(network, slot);
    }
    if (predicate instanceof Predicate.Compare compare) {
      return new PredicatePlans.OfOrder(compare, slot);
    }
    if (predicate instanceof Predicate.InTime time) {
      return new PredicatePlans.OfTime(time, slot);
    }
    Predicate.SameAs same = (Predicate.SameAs) predicate;
    return new PredicatePlans.OfReference(same, slot, slot(same.other()));
  }

  private static Plan keyword(Predicate predicate) {
    if (predicate instanceof Predicate.Text text) {
      return new PredicatePlans.OfKeyword(text);
    }
    if (predicate instanceof Predicate.Regex regex) {
      return new PredicatePlans.OfKeyword(regex);
    }
    throw new IllegalArgumentException("a keyword cannot be " + predicate.operator());
  }

  private int slot(String field) {
    return slots.computeIfAbsent(
        field,
        name -> {
          names.add(name);
          return names.size() - 1;
        });
  }
}
