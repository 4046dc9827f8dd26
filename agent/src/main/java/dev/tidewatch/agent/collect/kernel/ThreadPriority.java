package dev.tidewatch.agent.collect.kernel;

import com.sun.jna.LastErrorException;

/** What a thread counts for, among all of the machine. */
public final class ThreadPriority {
  private static final int PRIO_PROCESS = 0;
  private static final int THIS_THREAD = 0;

  private ThreadPriority() {}

  /**
   * Puts this thread before others: on Linux a nice value holds for one thread.
   *
   * @param nice -20 to 19
   * @return whether it was permitted
   */
  public static boolean set(int nice) {
    try {
      int unused = LibC.setpriority(PRIO_PROCESS, THIS_THREAD, nice);
      return true;
    } catch (LastErrorException | UnsatisfiedLinkError | NoClassDefFoundError e) {
      return false;
    }
  }
}
