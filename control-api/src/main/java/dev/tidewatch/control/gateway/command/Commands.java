package dev.tidewatch.control.gateway.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.tidewatch.control.gateway.enrollment.AgentIdentity;
import dev.tidewatch.control.gateway.enrollment.EnrolledAgent;
import dev.tidewatch.control.gateway.enrollment.Journal;
import dev.tidewatch.control.gateway.enrollment.Secrets;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.CommandResult;
import dev.tidewatch.ingest.v1.CommandStatus;
import dev.tidewatch.ingest.v1.SignedCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands on their way: signed and written down when issued, sent when the agent is connected (at
 * once or when it comes before they expire), and open until a final result arrives. Thread-safe.
 */
public final class Commands implements CommandLedger {
  private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
  private static final int NONCE_BYTES = 16;
  private static final int MOST_OPEN = 10_000;
  private static final int MOST_OPEN_OF_AGENT = 100;
  private static final JsonFormat.Printer JSON =
      JsonFormat.printer().omittingInsignificantWhitespace();

  private final CommandSigner signer;
  private final Journal journal;
  private final Clock clock;
  private final Map<String, Open> open = new LinkedHashMap<>();

  /** Command to agent; evidence comes behind its result. */
  private final Map<String, String> answered =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST_OPEN;
        }
      };

  /** A command without its final result. */
  private record Open(
      Command command, SignedCommand signed, CompletableFuture<CommandResult> result) {}

  private Commands(CommandSigner signer, Journal journal, Clock clock) {
    this.signer = signer;
    this.journal = journal;
    this.clock = clock;
  }

  /**
   * With the commands of the journal that wait for their results.
   *
   * @throws IOException when the journal is damaged
   */
  public static Commands open(CommandSigner signer, Journal journal, Clock clock)
      throws IOException {
    Commands commands = new Commands(signer, journal, clock);
    journal.read(commands::restore);
    commands.expire(clock.instant());
    return commands;
  }

  private synchronized void restore(JsonNode line) {
    String body = line.path("body").asText();
    try {
      if (line.path("kind").asText().equals("issued")) {
        Command.Builder command = Command.newBuilder();
        JsonFormat.parser().ignoringUnknownFields().merge(body, command);
        Command issued = command.build();
        open.put(
            issued.getCommandId(),
            new Open(issued, signer.sign(issued), new CompletableFuture<>()));
        return;
      }
      CommandResult.Builder result = CommandResult.newBuilder();
      JsonFormat.parser().ignoringUnknownFields().merge(body, result);
      if (result.getStatus() != CommandStatus.COMMAND_STATUS_ACCEPTED) {
        Open one = open.remove(result.getCommandId());
        if (one != null) {
          answered.put(result.getCommandId(), one.command().getAgentId());
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /**
   * Signs {@code wish} for an agent, writes it down and sends it.
   *
   * @param wish action, dry run, who and why; the rest is filled in
   * @param validity until when the agent may begin with it
   * @return completes with the final result
   * @throws IllegalArgumentException without an action, or when too much is open
   */
  public Issued issue(EnrolledAgent agent, Command wish, Duration validity, AgentLine line) {
    if (wish.getActionCase() == Command.ActionCase.ACTION_NOT_SET) {
      throw new IllegalArgumentException("action: missing");
    }
    Instant now = clock.instant();
    Command command =
        wish.toBuilder()
            .setCommandId(EventIds.next().toString())
            .setTenantId(agent.tenant())
            .setAgentId(agent.agentId())
            .setIssuedTimeUs(micros(now))
            .setExpiresTimeUs(micros(now.plus(validity)))
            .setNonce(ByteString.copyFrom(Secrets.randomBytes(NONCE_BYTES)))
            .build();
    Open issued = new Open(command, signer.sign(command), new CompletableFuture<>());
    synchronized (this) {
      expire(now);
      requireRoom(agent.agentId());
      write("issued", command.getCommandId(), json(command));
      open.put(command.getCommandId(), issued);
    }
    LOG.info(
        "command issued: command={} agent={} tenant={} action={} dry_run={} by={}",
        command.getCommandId(),
        agent.agentId(),
        agent.tenant(),
        command.getActionCase(),
        command.getDryRun(),
        command.getIssuedBy());
    boolean sent = line.send(agent.agentId(), issued.signed());
    return new Issued(command.getCommandId(), sent, issued.result());
  }

  /**
   * @param sent whether the agent was there to take it; otherwise it gets it when it comes
   * @param result completes with the final result
   */
  public record Issued(String commandId, boolean sent, CompletableFuture<CommandResult> result) {}

  private void requireRoom(String agentId) {
    long ofAgent =
        open.values().stream().filter(o -> o.command().getAgentId().equals(agentId)).count();
    if (open.size() >= MOST_OPEN || ofAgent >= MOST_OPEN_OF_AGENT) {
      throw new IllegalArgumentException("too many commands wait for their results");
    }
  }

  @Override
  public synchronized List<SignedCommand> openFor(String agentId) {
    expire(clock.instant());
    List<SignedCommand> waiting = new ArrayList<>();
    for (Open one : open.values()) {
      if (one.command().getAgentId().equals(agentId)) {
        waiting.add(one.signed());
      }
    }
    return waiting;
  }

  @Override
  public synchronized void report(AgentIdentity agent, CommandResult result) {
    Open known = open.get(result.getCommandId());
    if (known == null || !known.command().getAgentId().equals(agent.agentId())) {
      LOG.warn(
          "result of a command that is not open: agent={} command={}",
          agent.agentId(),
          printable(result.getCommandId()));
      return;
    }
    write("result", result.getCommandId(), json(result));
    if (result.getStatus() != CommandStatus.COMMAND_STATUS_ACCEPTED) {
      open.remove(result.getCommandId());
      LOG.info(
          "command answered: command={} agent={} status={} code={}",
          result.getCommandId(),
          agent.agentId(),
          result.getStatus(),
          printable(result.getCode()));
      answered.put(result.getCommandId(), agent.agentId());
      known.result().complete(result);
    }
  }

  @Override
  public synchronized Optional<String> agentOf(String commandId) {
    Open one = open.get(commandId);
    return one == null
        ? Optional.ofNullable(answered.get(commandId))
        : Optional.of(one.command().getAgentId());
  }

  /** A command that began in time may still be answered for a day. */
  private void expire(Instant now) {
    long before = micros(now.minus(Duration.ofDays(1)));
    open.values()
        .removeIf(
            one -> {
              boolean over = one.command().getExpiresTimeUs() < before;
              if (over) {
                one.result().cancel(false);
              }
              return over;
            });
  }

  private void write(String kind, String commandId, String json) {
    ObjectNode line =
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", kind)
            .put("time", clock.instant().toString())
            .put("command", commandId)
            .put("body", json);
    try {
      journal.append(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String json(com.google.protobuf.Message message) {
    try {
      return JSON.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String printable(String text) {
    return text.replaceAll("[^\\x20-\\x7e]", "?").substring(0, Math.min(64, text.length()));
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  @Override
  public synchronized void close() {
    open.values().forEach(one -> one.result().cancel(false));
    journal.close();
  }
}
