package dev.tidewatch.jobs.rules;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a subtask counts per rule version since it started. Written by the subtask's thread, read by
 * the one that reports.
 */
public final class RuleCounters {
  private final Map<String, Counter> byRule = new ConcurrentHashMap<>();

  /** One rule version in one subtask. One thread writes. */
  public static final class Counter {
    private final AtomicLong matches = new AtomicLong();
    private final AtomicLong alerts = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong stateBytes = new AtomicLong();

    /** It fired: for a stateful rule, a match reached it. */
    public void match() {
      add(matches, 1);
    }

    /** It alerted: for a stateful rule, an episode opened. */
    public void alert() {
      add(alerts, 1);
    }

    /** Time spent on its matches alone. */
    public void took(long spent) {
      add(nanos, spent);
    }

    /** An event it failed on, a bound it reached. */
    public void error() {
      add(errors, 1);
    }

    /** Bytes of its state in this subtask, about. */
    public void state(long bytes) {
      stateBytes.lazySet(bytes);
    }

    private static void add(AtomicLong counter, long more) {
      counter.lazySet(counter.get() + more);
    }

    public long matches() {
      return matches.get();
    }

    public long alerts() {
      return alerts.get();
    }

    public long nanos() {
      return nanos.get();
    }

    public long errors() {
      return errors.get();
    }

    public long stateBytes() {
      return stateBytes.get();
    }
  }

  /**
   * @param ruleKey {@code id@version}
   */
  public Counter of(String ruleKey) {
    Counter counter = byRule.get(ruleKey);
    return counter == null ? byRule.computeIfAbsent(ruleKey, k -> new Counter()) : counter;
  }

  /** The rule version does not run any more. */
  public void forget(String ruleKey) {
    byRule.remove(ruleKey);
  }

  /** Only these run from now on. */
  void retain(Set<String> ruleKeys) {
    byRule.keySet().retainAll(ruleKeys);
  }

  /** All counters, by {@code id@version}. */
  public Map<String, Counter> all() {
    return byRule;
  }
}
