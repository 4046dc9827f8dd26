package dev.tidewatch.cli;

import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Progress of long work: one line, rewritten each half second on a terminal, a line every ten
 * seconds elsewhere.
 */
final class Ticker implements AutoCloseable {
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
          });
  private final PrintWriter err;
  private final boolean terminal = System.console() != null;

  private Ticker(PrintWriter err) {
    this.err = err;
  }

  static Ticker start(PrintWriter err, Supplier<String> status) {
    Ticker ticker = new Ticker(err);
    long period = ticker.terminal ? 500 : 10_000;
    var unused =
        ticker.timer.scheduleAtFixedRate(
            () -> ticker.print(status.get()), period, period, TimeUnit.MILLISECONDS);
    return ticker;
  }

  private void print(String status) {
    err.print(terminal ? "\r\u001b[K" + status : status + System.lineSeparator());
    err.flush();
  }

  @Override
  public void close() {
    if (!timer.isShutdown()) {
      timer.shutdownNow();
      if (terminal) {
        err.print("\r\u001b[K");
        err.flush();
      }
    }
  }
}
