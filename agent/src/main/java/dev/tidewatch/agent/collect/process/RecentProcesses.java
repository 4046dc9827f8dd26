package dev.tidewatch.agent.collect.process;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The programs that were started last, also those that have ended since. Whoever hears of a process
 * by its number alone, and too late for {@code /proc}, finds here what it was. Thread-safe.
 */
public final class RecentProcesses {
  private static final int REMEMBERED = 1024;
  private static final int COMMAND_LINE = 512;

  private final Map<Integer, ProcessInfo> byPid =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, ProcessInfo> eldest) {
          return size() > REMEMBERED;
        }
      };
  private volatile long startedNanos = System.nanoTime();

  /** A program was started. */
  public void started(ProcessInfo process) {
    ProcessInfo kept =
        process.commandLine().length() > COMMAND_LINE
            ? process.withCommandLine(process.commandLine().substring(0, COMMAND_LINE))
            : process;
    synchronized (byPid) {
      // Behind all others again.
      var unused = byPid.remove(process.pid());
      byPid.put(process.pid(), kept);
    }
    startedNanos = System.nanoTime();
  }

  /** The last program that had this number, though it may have ended. */
  public Optional<ProcessInfo> last(int pid) {
    synchronized (byPid) {
      return Optional.ofNullable(byPid.get(pid));
    }
  }

  /** Nanoseconds since a program was started. */
  public long sinceStart() {
    return System.nanoTime() - startedNanos;
  }
}
