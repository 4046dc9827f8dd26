package dev.tidewatch.jobs.rules;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** One subtask's view of the rules: what to run now, and what it counted. */
public interface RuleSetFollower extends AutoCloseable {
  /** The newest rule set that compiled. A volatile read: may be asked for each event. */
  RuleSet current();

  /**
   * A rule set that is at least as new as {@code revision}, e.g. because a match of that revision
   * came in before this process had heard of it. Waits for it; compiling never needs the calling
   * thread. When it does not come in time, {@link #current()}.
   */
  RuleSet atLeast(long revision) throws InterruptedException;

  /**
   * Calls {@code adopt} in {@code mailbox} with each newer rule set, the newest only when several
   * came meanwhile. An operator that frees state when rules go follows so; it says {@link #adopted}
   * then.
   *
   * @param mailbox the task's mailbox executor
   */
  void onChange(Executor mailbox, Consumer<RuleSet> adopt);

  /**
   * The subtask runs this revision from now on. For a subtask that asks {@link #current()} for each
   * event nothing is to be said: it is active when it is published.
   */
  void adopted(long revision);

  /** Counters of this subtask; written by its thread only. */
  RuleCounters counters();

  @Override
  void close();
}
