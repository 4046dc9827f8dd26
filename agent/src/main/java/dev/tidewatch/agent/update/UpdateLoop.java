package dev.tidewatch.agent.update;

import dev.tidewatch.agent.update.tuf.MetadataDirectory;
import dev.tidewatch.agent.update.tuf.Mirror;
import dev.tidewatch.agent.update.tuf.Transfer;
import dev.tidewatch.agent.update.tuf.TufClient;
import dev.tidewatch.agent.update.tuf.TufException;
import dev.tidewatch.agent.update.tuf.TufLimits;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Looks for newer versions as long as the agent runs, and says when the running one is healthy. */
public final class UpdateLoop implements AutoCloseable {
  private static final Logger LOG = System.getLogger(UpdateLoop.class.getName());
  private static final Duration LONGEST_FIRST_PAUSE = Duration.ofMinutes(5);

  // A loop that was closed in the middle of a download may still be at it when the next one starts.
  private static final Object ONE_AT_A_TIME = new Object();

  private final Optional<Started> started;
  private final UpdateOptions options;
  private final Surroundings around;
  private final InstantSource clock;
  private final long startedNanos = System.nanoTime();
  private final RandomGenerator random = new SplittableRandom();
  private final Thread thread = new Thread(this::run, "updater");
  private volatile UpdateStatus status;

  /**
   * What the launcher started.
   *
   * @param version of this process
   */
  public record Started(InstalledVersions versions, String version) {
    /** Whether it is this version still that counts, and not one that waits for a restart. */
    private boolean isCurrent() throws IOException {
      return versions.active().current().equals(version);
    }
  }

  /**
   * What an update needs of the rest of the agent.
   *
   * @param agentId by which shares are dealt out
   * @param mirrors opens the repository
   * @param updated called when another version is to be started
   */
  public record Surroundings(String agentId, Mirrors mirrors, Runnable updated) {}

  /** Opens a repository. */
  public interface Mirrors {
    Mirror open() throws IOException;
  }

  /**
   * @param started empty when the agent was not started by the launcher: it cannot be replaced
   */
  public UpdateLoop(
      Optional<Started> started, UpdateOptions options, Surroundings around, InstantSource clock) {
    this.started = started;
    this.options = options;
    this.around = around;
    this.clock = clock;
    this.thread.setDaemon(true);
    this.status =
        started.isEmpty()
            ? UpdateStatus.off("not started by the launcher")
            : known(options.enabled() ? "" : "switched off");
  }

  /** Does nothing when there is nothing to update, or it is switched off. */
  public void start() {
    if (started.isPresent() && options.enabled()) {
      thread.start();
    }
  }

  public UpdateStatus status() {
    return status;
  }

  private UpdateStatus known(String error) {
    try {
      Started self = started.orElseThrow();
      boolean onTrial = self.isCurrent() && self.versions().active().trialSeconds() > 0;
      return new UpdateStatus(self.version(), "", Instant.EPOCH, error, onTrial);
    } catch (IOException e) {
      return UpdateStatus.off(String.valueOf(e.getMessage()));
    }
  }

  private void run() {
    try {
      Thread.sleep(firstPause());
      while (!check()) {
        Thread.sleep(pause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long firstPause() {
    long most = Math.min(options.interval().toMillis(), LONGEST_FIRST_PAUSE.toMillis());
    return random.nextLong(1, most + 1);
  }

  /** Three to five quarters of the interval, so that a fleet does not ask all at once. */
  private long pause() {
    long interval = options.interval().toMillis();
    return interval * 3 / 4 + random.nextLong(Math.max(1, interval / 2));
  }

  /**
   * One look.
   *
   * @return whether another version is to be started
   */
  boolean check() {
    synchronized (ONE_AT_A_TIME) {
      String available = status.available();
      try {
        Started self = started.orElseThrow();
        if (!self.isCurrent()) {
          // Another one is in its place already, though the end of that may have failed.
          around.updated().run();
          return true;
        }
        if (status.onTrial()) {
          // One at a time: the way back has to stay open.
          return false;
        }
        Updater updater =
            new Updater(client(self.versions()), self.versions(), options, around.agentId());
        Optional<AgentRelease> release = updater.available();
        available = release.map(found -> found.version().text()).orElse("");
        status = after(available, "");
        release.ifPresent(found -> LOG.log(Level.INFO, "installing {0}", found.version()));
        if (release.isPresent()) {
          updater.install(release.get());
          around.updated().run();
          return true;
        }
      } catch (TufException e) {
        failed(available, e.reason() + ": " + e.getMessage());
      } catch (IOException | RuntimeException e) {
        failed(available, e.toString());
      }
      return false;
    }
  }

  private void failed(String available, String why) {
    status = after(available, why);
    LOG.log(Level.WARNING, "no update: {0}", why);
  }

  private TufClient client(InstalledVersions versions) throws IOException {
    return new TufClient(
        around.mirrors().open(),
        new MetadataDirectory(versions.metadata()),
        TufLimits.DEFAULT,
        Transfer.DEFAULT,
        clock);
  }

  private UpdateStatus after(String available, String error) {
    UpdateStatus now = status;
    return new UpdateStatus(now.current(), available, clock.instant(), error, now.onTrial());
  }

  /**
   * Confirms a version on trial once it is healthy; called every few seconds.
   *
   * @param connected to the gateway
   */
  public void alive(boolean connected) throws IOException {
    UpdateStatus now = status;
    if (!now.onTrial() || started.isEmpty() || !(connected || ranLongEnough())) {
      return;
    }
    if (started.get().isCurrent()) {
      started.get().versions().confirm();
    }
    status =
        new UpdateStatus(now.current(), now.available(), now.lastCheck(), now.lastError(), false);
    LOG.log(Level.INFO, "version {0} is healthy and stays", now.current());
  }

  private boolean ranLongEnough() {
    long ran = System.nanoTime() - startedNanos;
    return !options.healthyAfter().isZero() && ran >= options.healthyAfter().toNanos();
  }

  /** May be called by {@code updated}. */
  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    if (thread != Thread.currentThread()) {
      thread.join(5000);
    }
  }
}
