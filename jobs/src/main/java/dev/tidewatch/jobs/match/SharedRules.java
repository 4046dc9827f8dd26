package dev.tidewatch.jobs.match;

import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.match.Matcher;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rule sets of this process. All slots that run the same rules share one compiled set; the last one
 * to leave frees it.
 */
final class SharedRules {
  private static final Map<Key, Entry> IN_USE = new HashMap<>();

  private record Key(String hash, int maxFailures) {}

  private static final class Entry {
    private final GuardedMatcher matcher;
    private int users;

    private Entry(GuardedMatcher matcher) {
      this.matcher = matcher;
    }
  }

  /** A slot's share in a rule set, until it is closed. */
  static final class Lease implements AutoCloseable {
    private final Key key;
    private final GuardedMatcher matcher;
    private boolean closed;

    private Lease(Key key, GuardedMatcher matcher) {
      this.key = key;
      this.matcher = matcher;
    }

    GuardedMatcher matcher() {
      return matcher;
    }

    @Override
    public void close() {
      synchronized (IN_USE) {
        if (!closed) {
          closed = true;
          release(key);
        }
      }
    }
  }

  private SharedRules() {}

  /** Compiles the rules unless another slot did. Slots that come meanwhile wait for it. */
  static Lease lease(RuleTexts texts, int maxFailures) {
    Key key = new Key(texts.hash(), maxFailures);
    synchronized (IN_USE) {
      Entry entry = IN_USE.computeIfAbsent(key, k -> new Entry(compile(texts, maxFailures)));
      entry.users++;
      return new Lease(key, entry.matcher);
    }
  }

  private static GuardedMatcher compile(RuleTexts texts, int maxFailures) {
    SigmaCompiler.Compilation compilation = new SigmaCompiler().compile(texts.sources());
    return new GuardedMatcher(compilation.rules(), SharedRules::matcher, maxFailures);
  }

  /** A rule that is asked alone needs no index. */
  private static Matcher matcher(List<SigmaRule> rules) {
    return rules.size() == 1 ? new ExhaustiveMatcher(rules) : new IndexedMatcher(rules);
  }

  private static void release(Key key) {
    Entry entry = IN_USE.get(key);
    if (entry != null && --entry.users == 0) {
      IN_USE.remove(key);
    }
  }

  /** Rule sets that some slot uses. */
  static int inUse() {
    synchronized (IN_USE) {
      return IN_USE.size();
    }
  }
}
