package dev.tidewatch.benchmarks.agent;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Starts {@code /bin/true} at a steady rate, by {@code posix_spawn}, which costs the parent next to
 * nothing, however large it is. Every process has its number in its command line.
 */
final class ExecLoop {
  /** Behind it stands the number of the process. */
  static final String MARK = "tidewatch-bench-agent-";

  private static final String PROGRAM = "/bin/true";

  private final int threads;
  private final AtomicLong started = new AtomicLong();

  /**
   * @param threads that start processes and wait for them
   */
  ExecLoop(int threads) {
    this.threads = threads;
  }

  /**
   * @param perSecond processes; 0: none
   * @return how many were started; fewer than asked for when the machine has no more
   */
  long run(double perSecond, double seconds) throws InterruptedException {
    started.set(0);
    long begin = System.nanoTime();
    List<Thread> spawners = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      Thread thread =
          new Thread(() -> spawn(number, perSecond / threads, begin, seconds), "exec-" + i);
      thread.start();
      spawners.add(thread);
    }
    for (Thread thread : spawners) {
      thread.join();
    }
    return started.get();
  }

  private void spawn(int number, double perSecond, long begin, double seconds) {
    int[] pid = new int[1];
    StringArray environment = new StringArray(new String[0]);
    for (long i = 0; true; i++) {
      long due = begin + (long) ((perSecond == 0 ? seconds : i / perSecond) * 1e9);
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      if (perSecond == 0 || System.nanoTime() - begin >= seconds * 1e9) {
        return;
      }
      StringArray arguments = new StringArray(new String[] {PROGRAM, MARK + number + "-" + i});
      int failure = LibC.posix_spawn(pid, PROGRAM, null, null, arguments, environment);
      if (failure != 0) {
        throw new IllegalStateException("cannot start " + PROGRAM + ": error " + failure);
      }
      started.incrementAndGet();
      int unused = LibC.waitpid(pid[0], new int[1], 0);
    }
  }

  /** Fails where there is no such thing as {@code posix_spawn}. */
  static void check() throws IOException {
    try {
      int unused = LibC.getpid();
    } catch (UnsatisfiedLinkError e) {
      throw new IOException("the agent is measured on Linux only", e);
    }
  }

  private static final class LibC {
    static {
      Native.register(LibC.class, "c");
    }

    static native int getpid();

    static native int posix_spawn(
        int[] pid,
        String path,
        @Nullable Pointer actions,
        @Nullable Pointer attributes,
        Pointer arguments,
        Pointer environment);

    static native int waitpid(int pid, int[] status, int options);
  }
}
