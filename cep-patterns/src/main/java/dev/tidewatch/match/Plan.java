package dev.tidewatch.match;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** A rule's condition, or part of one, ready to be evaluated. Immutable. */
interface Plan {
  boolean holds(EventValues event);

  /** Adds what made it hold; called only where {@link #holds} is true. */
  void explain(EventValues event, Evidence evidence);

  /** Rough cost of one evaluation; cheaper parts of AND and OR are tried first. */
  int cost();

  /** All hold. */
  record Every(List<Plan> parts, Plan[] cheapestFirst) implements Plan {
    Every(List<Plan> parts) {
      this(parts, byCost(parts));
    }

    @Override
    public boolean holds(EventValues event) {
      for (Plan part : cheapestFirst) {
        if (!part.holds(event)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void explain(EventValues event, Evidence evidence) {
      parts.forEach(part -> part.explain(event, evidence));
    }

    @Override
    public int cost() {
      return cheapestFirst.length == 0 ? 0 : cheapestFirst[0].cost() + 1;
    }
  }

  /** So many hold; with 1, a disjunction. */
  record AtLeast(int count, List<Plan> parts, Plan[] cheapestFirst) implements Plan {
    AtLeast(int count, List<Plan> parts) {
      this(count, parts, byCost(parts));
    }

    @Override
    public boolean holds(EventValues event) {
      int left = count;
      for (Plan part : cheapestFirst) {
        if (part.holds(event) && --left == 0) {
          return true;
        }
      }
      return false;
    }

    @Override
    public void explain(EventValues event, Evidence evidence) {
      for (Plan part : parts) {
        if (part.holds(event)) {
          part.explain(event, evidence);
        }
      }
    }

    @Override
    public int cost() {
      return parts.stream().mapToInt(Plan::cost).sum();
    }
  }

  /** A {@code not} of the condition. What does not hold is no evidence. */
  record Not(Plan part) implements Plan {
    @Override
    public boolean holds(EventValues event) {
      return !part.holds(event);
    }

    @Override
    public void explain(EventValues event, Evidence evidence) {}

    @Override
    public int cost() {
      return part.cost();
    }
  }

  /** A selection: names the evidence below it. */
  record Named(String selection, Plan part) implements Plan {
    @Override
    public boolean holds(EventValues event) {
      return part.holds(event);
    }

    @Override
    public void explain(EventValues event, Evidence evidence) {
      part.explain(event, evidence.under(selection));
    }

    @Override
    public int cost() {
      return part.cost();
    }
  }

  private static Plan[] byCost(List<Plan> parts) {
    Plan[] sorted = parts.toArray(Plan[]::new);
    Arrays.sort(sorted, Comparator.comparingInt(Plan::cost));
    return sorted;
  }
}
