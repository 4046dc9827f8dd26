package dev.tidewatch.sigma;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rule files that were read before: when a few rules of thousands change, only those are parsed
 * again. Holds what the last compilation asked for and nothing else. Not thread-safe.
 */
public final class ParsedRules {
  private Map<Read, RuleFile> files = new HashMap<>();
  private Map<Read, RuleFile> before = new HashMap<>();

  /** A file as it was read: with those lists of values that it may ask for. */
  private record Read(RuleSource source, Map<String, List<String>> lists) {}

  List<RuleFile> read(Collection<RuleSource> sources, CompilerOptions options) {
    before = files;
    files = new HashMap<>();
    return readMore(sources, options);
  }

  /** The same for a part of what was asked for last, perhaps with other lists. */
  List<RuleFile> readMore(Collection<RuleSource> sources, CompilerOptions options) {
    List<RuleFile> copies = new ArrayList<>(sources.size());
    for (RuleSource source : sources) {
      Read asked = new Read(source, options.askedBy(source));
      RuleFile file = files.get(asked);
      if (file == null) {
        RuleFile known = before.get(asked);
        file = known == null ? RuleFile.read(source, options) : known;
        files.put(asked, file);
      }
      copies.add(file.copy());
    }
    return copies;
  }

  /** These are not asked for any more, though there was no compilation without them. */
  void forget(Collection<RuleSource> sources, CompilerOptions options) {
    before = Map.of();
    sources.forEach(source -> files.remove(new Read(source, options.askedBy(source))));
  }

  /** Files that are held. */
  public int size() {
    return files.size();
  }
}
