package dev.tidewatch.agent;

import dev.tidewatch.agent.collect.CollectorStatus;
import dev.tidewatch.agent.enroll.AgentFacts;
import dev.tidewatch.agent.enroll.Identity;
import dev.tidewatch.agent.send.SenderStatus;
import dev.tidewatch.agent.spool.SpoolStats;
import dev.tidewatch.agent.update.UpdateStatus;
import dev.tidewatch.ingest.v1.CollectorHealth;
import dev.tidewatch.ingest.v1.CollectorState;
import dev.tidewatch.ingest.v1.Heartbeat;
import dev.tidewatch.ingest.v1.UpdateHealth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * How the agent is, for the gateway and for the status file.
 *
 * @param configurationVersion 0: the machine's own
 * @param configurationProblem why the last configuration was refused; empty when it was not
 */
record Health(
    Identity identity,
    AgentFacts facts,
    SpoolStats spool,
    SenderStatus sender,
    List<CollectorStatus> collectors,
    long configurationVersion,
    boolean isolated,
    UpdateStatus update,
    String configurationProblem) {

  Heartbeat heartbeat(InstantSource clock) {
    Heartbeat.Builder heartbeat =
        Heartbeat.newBuilder()
            .setTimeUs(clock.millis() * 1000)
            .setAgentVersion(facts.version())
            .setPlatform(facts.platform())
            .setJavaVersion(Runtime.version().toString())
            .setSpoolEvents(spool.events())
            .setSpoolBytes(spool.bytes())
            .setSpoolOldestMs(spool.oldestAgeMillis())
            .setEventsCollected(collected())
            .setEventsSent(sender.eventsSent())
            .setEventsDropped(dropped())
            .setResidentBytes(residentBytes())
            .setCpuSeconds(cpuSeconds())
            .setConfigurationVersion(configurationVersion)
            .setNetworkIsolated(isolated)
            .setUpdate(updateHealth())
            .setConfigurationProblem(configurationProblem);
    for (CollectorStatus collector : collectors) {
      heartbeat.addCollectors(
          CollectorHealth.newBuilder()
              .setName(collector.name())
              .setState(CollectorState.valueOf("COLLECTOR_STATE_" + collector.state().name()))
              .setEvents(collector.events())
              .setDropped(collector.dropped())
              .setRestarts(collector.restarts())
              .setDetail(collector.detail()));
    }
    return heartbeat.build();
  }

  private UpdateHealth updateHealth() {
    return UpdateHealth.newBuilder()
        .setCurrent(update.current())
        .setAvailable(update.available())
        .setLastCheckUs(update.lastCheck().toEpochMilli() * 1000)
        .setLastError(update.lastError())
        .setOnTrial(update.onTrial())
        .build();
  }

  long collected() {
    return collectors.stream().mapToLong(CollectorStatus::events).sum();
  }

  long dropped() {
    return spool.dropped()
        + sender.refused()
        + collectors.stream().mapToLong(CollectorStatus::dropped).sum();
  }

  /** 0 where the system does not say. */
  static long residentBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }

  static double cpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis()
        / 1000.0;
  }
}
