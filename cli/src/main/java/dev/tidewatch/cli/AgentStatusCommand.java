package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewatch agent status}: 0 when it runs and is connected, 1 when not. */
@Command(name = "status", description = "Says how the agent of this machine is.")
final class AgentStatusCommand implements Callable<Integer> {
  private static final Duration FRESH = Duration.ofSeconds(20);

  @Spec CommandSpec spec;
  @Mixin AgentPlace place;

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Path file = place.files().status();
    if (!Files.isRegularFile(file)) {
      throw new CommandFailedException("no agent has run with --state " + place.state);
    }
    String text = Files.readString(file);
    JsonNode status = new ObjectMapper().readTree(text);
    boolean fresh = Instant.parse(status.path("time").asText()).plus(FRESH).isAfter(Instant.now());
    boolean runs =
        fresh
            && ProcessHandle.of(status.path("pid").asLong())
                .map(ProcessHandle::isAlive)
                .orElse(false);
    if (json) {
      out.print(text);
    } else {
      print(status, runs, out);
    }
    out.flush();
    return runs && status.path("connected").asBoolean() ? Tidewatch.OK : Tidewatch.NO;
  }

  private static void print(JsonNode status, boolean runs, PrintWriter out) {
    out.printf(
        "%s  agent %s of tenant %s%n",
        runs ? "running" : "stopped",
        Printable.of(status.path("agent_id").asText()),
        Printable.of(status.path("tenant_id").asText()));
    out.printf(
        "gateway    %s, %s%n",
        status.path("gateway").asText(),
        status.path("connected").asBoolean()
            ? "connected"
            : "not connected: " + Printable.of(status.path("connection").asText()));
    out.printf("certificate until %s%n", status.path("certificate_until").asText());
    out.printf(
        "events     %,d collected, %,d sent, %,d dropped; %,d wait in %,d bytes of spool%n",
        status.path("events_collected").asLong(),
        status.path("events_sent").asLong(),
        status.path("events_dropped").asLong(),
        status.path("spool_events").asLong(),
        status.path("spool_bytes").asLong());
    out.printf(
        "process    %d, %,d MB resident, %.1f s of CPU%s%n",
        status.path("pid").asLong(),
        status.path("resident_bytes").asLong() >> 20,
        status.path("cpu_seconds").asDouble(),
        status.path("network_isolated").asBoolean() ? ", NETWORK ISOLATED" : "");
    for (JsonNode collector : status.path("collectors")) {
      out.printf(
          "  %-10s %-12s %,10d events %,6d dropped %3d restarts  %s%n",
          collector.path("name").asText(),
          collector.path("state").asText(),
          collector.path("events").asLong(),
          collector.path("dropped").asLong(),
          collector.path("restarts").asInt(),
          Printable.of(collector.path("detail").asText()));
    }
  }
}
