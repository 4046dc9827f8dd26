package dev.tidewatch.agent;

import dev.tidewatch.agent.collect.Collector;
import dev.tidewatch.agent.config.ConfigurationException;
import dev.tidewatch.agent.config.Settings;
import dev.tidewatch.agent.enroll.AgentFacts;
import dev.tidewatch.agent.enroll.Enroller;
import dev.tidewatch.agent.enroll.EnrollmentToken;
import dev.tidewatch.agent.enroll.Identity;
import dev.tidewatch.agent.send.Replies;
import dev.tidewatch.agent.update.UpdateLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** What can be done with an agent from a command line. */
public final class AgentRun {
  private final AgentFiles files;
  private final Semaphore events = new Semaphore(0);
  private final Optional<UpdateLoop.Started> started;
  private volatile boolean stopped;
  private volatile boolean updated;

  /** An agent that nobody starts again: it does not update itself. */
  public AgentRun(AgentFiles files) {
    this(files, Optional.empty());
  }

  /**
   * @param started what the launcher started
   */
  AgentRun(AgentFiles files, Optional<UpdateLoop.Started> started) {
    this.files = files;
    this.started = started;
  }

  /** Who the agent is; empty before it has enrolled. */
  public Optional<Identity> identity() throws IOException {
    return Identity.load(files.identity());
  }

  /** Enrols and keeps the identity; one that was there before is replaced. */
  public Identity enroll(String gateway, String token) throws IOException {
    if (gateway.lastIndexOf(':') < 1) {
      throw new IOException("\"" + gateway + "\" is no host:port");
    }
    EnrollmentToken parsed;
    try {
      parsed = EnrollmentToken.parse(token);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    Identity identity = new Enroller(AgentFacts.here()).enroll(gateway, parsed);
    identity.save(files.identity());
    return identity;
  }

  /** The same gateway, under another address. */
  public void moveTo(String gateway) throws IOException {
    Optional<Identity> identity = identity();
    if (identity.isPresent()) {
      Identity moved =
          new Identity(gateway, identity.get().privateKey(), identity.get().enrollment());
      moved.save(files.identity());
    }
  }

  /**
   * Runs until {@link #stop}; again with another configuration whenever the gateway sends one.
   *
   * @throws IOException when it is not enrolled, or its directory cannot be used
   */
  public void run() throws IOException, ConfigurationException, InterruptedException {
    Files.createDirectories(files.state());
    Replies replies = Replies.open(files.replies(), InstantSource.system());
    while (!stopped) {
      Identity identity =
          identity()
              .orElseThrow(
                  () ->
                      new IOException(
                          "not enrolled: run agent enroll --gateway HOST:PORT --token TOKEN"));
      Agent.Replacement replacement = new Agent.Replacement(started, this::stopForUpdate);
      Agent agent = Agent.start(files, identity, replies, replacement, events::release);
      try {
        events.acquire();
      } finally {
        agent.close();
      }
    }
  }

  private void stopForUpdate() {
    updated = true;
    stop();
  }

  /** Whether {@link #run} has returned because another version is to be started. */
  boolean updated() {
    return updated;
  }

  /** Lets {@link #run} return. */
  public void stop() {
    stopped = true;
    events.release();
  }

  /**
   * Checks configuration and machine without sending anything.
   *
   * @return by collector what it would do: {@code ready}, {@code off}, or why it cannot
   */
  public Map<String, String> test() throws IOException, ConfigurationException {
    Files.createDirectories(files.state());
    AgentOptions options = new ManagedConfiguration(files, () -> {}).options();
    Settings settings = options.settings();
    Map<String, String> found = new LinkedHashMap<>();
    for (Map.Entry<String, Supplier<Collector>> entry : Collectors.of(options, files).entrySet()) {
      String name = entry.getKey();
      found.put(
          name,
          settings.flag(name + ".enabled")
              ? entry.getValue().get().unavailable().orElse("ready")
              : "off");
    }
    return found;
  }
}
