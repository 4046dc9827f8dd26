package dev.tidewatch.agent.collect;

import java.io.IOException;

/** A collector in a thread of its own, until closed. */
public final class RunningCollector implements AutoCloseable {
  private final Thread thread;
  private volatile Throwable failure;

  public RunningCollector(Collector collector, Emitter emitter) {
    thread =
        new Thread(
            () -> {
              try {
                collector.run(emitter);
              } catch (InterruptedException e) {
                // The end.
              } catch (IOException | RuntimeException | Error e) {
                failure = e;
              }
            });
    thread.start();
  }

  public Throwable failure() {
    return failure;
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join(10_000);
  }
}
