package dev.tidewatch.sigma.ir;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The detection of a rule.
 *
 * @param selections by name, in the order of the rule
 * @param condition over those names; a list of conditions is their disjunction (row 18)
 */
public record Detection(Map<String, Search> selections, Condition condition) {
  public Detection {
    selections = Collections.unmodifiableMap(new LinkedHashMap<>(selections));
  }

  /** The search of a selection that the condition names. */
  public Search selection(String name) {
    Search search = selections.get(name);
    if (search == null) {
      throw new IllegalArgumentException("no selection named " + name);
    }
    return search;
  }
}
