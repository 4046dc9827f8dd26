package dev.tidewatch.events;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The sets of {@code field-aliases.table} and their combinations. */
final class FieldAliases {
  private final Map<String, Map<String, Expression>> sets = new HashMap<>();
  private final Map<Expression, String> cells = new HashMap<>();
  private final Map<List<String>, Map<String, Expression>> combined = new ConcurrentHashMap<>();

  FieldAliases(List<Table.Row> rows) {
    for (Table.Row row : rows) {
      Expression value = Expression.of(row.get("value"));
      cells.put(value, row.get("value"));
      sets.computeIfAbsent(row.get("set"), set -> new HashMap<>()).put(row.get("field"), value);
    }
  }

  /** How the table writes {@code value}. */
  String cell(Expression value) {
    String cell = cells.get(value);
    if (cell == null) {
      throw new IllegalArgumentException("field-aliases.table does not have " + value);
    }
    return cell;
  }

  /** Every cell of a field, in whatever set. */
  Map<String, Set<String>> cellsByField() {
    Map<String, Set<String>> all = new HashMap<>();
    for (Map<String, Expression> set : sets.values()) {
      set.forEach(
          (field, value) -> all.computeIfAbsent(field, f -> new HashSet<>()).add(cell(value)));
    }
    return all;
  }

  /** The aliases of several sets; of two for the same field the earlier set's counts. */
  Map<String, Expression> of(List<String> names) {
    return combined.computeIfAbsent(List.copyOf(names), this::combine);
  }

  private Map<String, Expression> combine(List<String> names) {
    Map<String, Expression> all = new LinkedHashMap<>();
    for (String name : names) {
      Map<String, Expression> set = sets.get(name);
      if (set == null) {
        throw new IllegalStateException("field-aliases.table has no set " + name);
      }
      set.forEach(all::putIfAbsent);
    }
    return Map.copyOf(all);
  }

  /** Sets {@code first} before sets {@code then}. */
  Map<String, Expression> of(List<String> first, List<String> then) {
    List<String> names = new ArrayList<>(first);
    names.addAll(then);
    return of(names);
  }
}
