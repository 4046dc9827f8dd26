package dev.tidewatch.agent.collect;

import dev.tidewatch.agent.collect.CollectorStatus.State;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs collectors, each in a thread of its own. One that ends or fails is started again after a
 * pause that doubles up to a minute, and is short again once it has run for a while. One that
 * cannot work on this machine is asked again now and then: journald may be installed later.
 */
public final class Watchdog implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Watchdog.class.getName());
  private static final Duration STOP = Duration.ofSeconds(5);

  private final Pauses pauses;
  private final List<Watched> watched = new ArrayList<>();

  /**
   * How long to wait before another start.
   *
   * @param healthy a run at least this long makes the next pause the first again
   */
  public record Pauses(Duration first, Duration longest, Duration unavailable, Duration healthy) {
    public static final Pauses DEFAULT =
        new Pauses(
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(1));
  }

  public Watchdog(Pauses pauses) {
    this.pauses = pauses;
  }

  /** Starts a collector. */
  public void start(Collector collector, Emitter emitter) {
    Watched entry = new Watched(collector, emitter, pauses);
    watched.add(entry);
    entry.thread.start();
  }

  /** Mentions a collector that is switched off. */
  public void off(String name) {
    watched.add(new Watched(name));
  }

  public List<CollectorStatus> status() {
    return watched.stream().map(Watched::status).toList();
  }

  @Override
  public void close() throws InterruptedException {
    for (Watched entry : watched) {
      entry.thread.interrupt();
    }
    for (Watched entry : watched) {
      entry.thread.join(STOP.toMillis());
    }
  }

  private static final class Watched {
    private final String name;
    private final Optional<Emitter> emitter;
    private final Thread thread;
    private volatile State state = State.OFF;
    private volatile String detail = "";
    private volatile int restarts;

    Watched(String name) {
      this.name = name;
      this.emitter = Optional.empty();
      this.thread = new Thread();
    }

    Watched(Collector collector, Emitter emitter, Pauses pauses) {
      this.name = collector.name();
      this.emitter = Optional.of(emitter);
      this.thread = new Thread(() -> supervise(collector, emitter, pauses), "collect-" + name);
      this.thread.setDaemon(true);
    }

    private void supervise(Collector collector, Emitter emitter, Pauses pauses) {
      Duration pause = pauses.first();
      try {
        while (true) {
          Optional<String> why = collector.unavailable();
          if (why.isPresent()) {
            become(State.UNAVAILABLE, why.get());
            Thread.sleep(pauses.unavailable().toMillis());
            continue;
          }
          long began = System.nanoTime();
          become(State.RUNNING, "");
          String failure = run(collector, emitter);
          boolean wasHealthy = System.nanoTime() - began >= pauses.healthy().toNanos();
          pause = wasHealthy ? pauses.first() : pause;
          become(State.FAILED, failure);
          LOG.log(
              Level.WARNING, "{0} failed, again in {1} ms: {2}", name, pause.toMillis(), failure);
          Thread.sleep(pause.toMillis());
          pause = min(pause.multipliedBy(2), pauses.longest());
          restarts++;
        }
      } catch (InterruptedException e) {
        become(State.OFF, "stopped");
      }
    }

    /** Anything may happen in a collector; none of it may end the agent. */
    private static String run(Collector collector, Emitter emitter) throws InterruptedException {
      try {
        collector.run(emitter);
        return "it ended by itself";
      } catch (IOException | RuntimeException | LinkageError e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
      } catch (OutOfMemoryError e) {
        return "out of memory";
      }
    }

    private void become(State now, String why) {
      detail = why;
      state = now;
    }

    private static Duration min(Duration a, Duration b) {
      return a.compareTo(b) < 0 ? a : b;
    }

    CollectorStatus status() {
      return new CollectorStatus(
          name,
          state,
          emitter.map(Emitter::events).orElse(0L),
          emitter.map(Emitter::dropped).orElse(0L),
          restarts,
          detail);
    }
  }
}
