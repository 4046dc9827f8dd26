package dev.tidewatch.sigma;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rule files that were read before: when a few rules of thousands change, only those are parsed
 * again. Holds what the last compilation asked for and nothing else. For one {@link
 * CompilerOptions}; not thread-safe.
 */
public final class ParsedRules {
  private Map<RuleSource, RuleFile> files = new HashMap<>();

  List<RuleFile> read(Collection<RuleSource> sources, CompilerOptions options) {
    Map<RuleSource, RuleFile> asked = new HashMap<>();
    List<RuleFile> copies = new ArrayList<>(sources.size());
    for (RuleSource source : sources) {
      RuleFile file = files.get(source);
      if (file == null) {
        file = RuleFile.read(source, options);
      }
      asked.put(source, file);
      copies.add(file.copy());
    }
    files = asked;
    return copies;
  }

  /** Files that are held. */
  public int size() {
    return files.size();
  }
}
