package dev.tidewatch.sigma.ir;

import java.util.List;

/** What one selection asks for: a boolean tree over predicates. */
public sealed interface Search {

  /** All hold: the items of a map, the values under {@code all}. */
  record Every(List<Search> parts) implements Search {
    public Every {
      parts = List.copyOf(parts);
    }
  }

  /** One holds: the items of a list, the values of a field, the variants of one value. */
  record Any(List<Search> parts) implements Search {
    public Any {
      parts = List.copyOf(parts);
    }
  }

  /** {@code neq}: the part does not hold (row 3). */
  record Negated(Search part) implements Search {}

  /** One predicate. */
  record Test(Predicate predicate) implements Search {}

  /** All of {@code parts}, without a wrapper around a single one. */
  static Search every(List<? extends Search> parts) {
    return parts.size() == 1 ? parts.get(0) : new Every(List.copyOf(parts));
  }

  /** One of {@code parts}, without a wrapper around a single one. */
  static Search any(List<? extends Search> parts) {
    return parts.size() == 1 ? parts.get(0) : new Any(List.copyOf(parts));
  }
}
