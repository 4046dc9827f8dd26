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
}
