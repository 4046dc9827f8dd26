package dev.tidewatch.sigma;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What rules are compiled with.
 *
 * @param valueLists what {@code expand} puts in for a placeholder, by its name without percent
 *     signs; the values are Sigma text, wildcards included
 */
public record CompilerOptions(Map<String, List<String>> valueLists) {
  public static final CompilerOptions DEFAULT = new CompilerOptions(Map.of());

  public CompilerOptions {
    Map<String, List<String>> copy = new HashMap<>();
    valueLists.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    valueLists = Map.copyOf(copy);
  }

  /** The same with {@code own} lists instead of those of the same names. */
  public CompilerOptions with(Map<String, List<String>> own) {
    Map<String, List<String>> lists = new HashMap<>(valueLists);
    lists.putAll(own);
    return new CompilerOptions(lists);
  }

  /** With a value for every placeholder: for what does not depend on the lists. */
  static CompilerOptions standIns(RuleSource source) {
    Map<String, List<String>> lists = new HashMap<>();
    PlaceholderNames.in(source.text()).forEach(name -> lists.put(name, List.of("x")));
    return new CompilerOptions(lists);
  }

  /** Those lists that {@code source} may ask for. */
  Map<String, List<String>> askedBy(RuleSource source) {
    if (valueLists.isEmpty()) {
      return valueLists;
    }
    Map<String, List<String>> asked = new HashMap<>(valueLists);
    asked.keySet().retainAll(PlaceholderNames.in(source.text()));
    return asked;
  }
}
