package dev.tidewatch.agent.collect.process;

/** What the kernel says about processes; threads are left out. */
sealed interface ProcessSignal {
  /** A process has a child, which for now runs the same program. */
  record Forked(int parent, int child) implements ProcessSignal {}

  /** A process runs another program from now on. */
  record Executed(int pid) implements ProcessSignal {}

  /**
   * A process has ended.
   *
   * @param status as {@code wait} gives it: exit code in the second byte, signal in the lowest
   */
  record Exited(int pid, int status) implements ProcessSignal {}

  /** The kernel had to throw signals away: look at {@code /proc} again. */
  record Overrun() implements ProcessSignal {}
}
