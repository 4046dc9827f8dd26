package dev.tidewatch.cli;

import java.io.PrintWriter;
import java.util.Locale;

/** Says what is being done, step by step; steps may run side by side. */
final class Steps {
  private final PrintWriter out;
  private final boolean colours;

  Steps(PrintWriter out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  /** A step that takes a while has begun. */
  synchronized void begin(String name, String what) {
    line("·", "2", name, what);
  }

  /** A step is done. */
  synchronized void done(String name, String what, long startNanos) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    line("✓", "32", name, String.format(Locale.ROOT, "%s  (%.1f s)", what, seconds));
  }

  synchronized void say(String text) {
    out.println(text);
    out.flush();
  }

  private void line(String mark, String colour, String name, String what) {
    String painted = colours ? "\u001b[" + colour + "m" + mark + "\u001b[0m" : mark;
    out.printf("  %s %-12s %s%n", painted, name, what);
    out.flush();
  }
}
