package dev.tidewatch.control.gateway.command;

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
public final class Commands implements AutoCloseable {
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

  /** A command without its final result. */
  private record Open(
      Command command, SignedCommand signed, CompletableFuture<CommandResult> result) {}

  public Commands(CommandSigner signer, Journal journal, Clock clock) {
    this.signer = signer;
    this.journal = journal;
    this.clock = clock;
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

  /** Commands that an agent has no final result for; it knows by their nonces what it has done. */
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

  /** Takes what an agent reports; of a command that it was not given, nothing. */
  public synchronized boolean report(AgentIdentity agent, CommandResult result) {
    Open known = open.get(result.getCommandId());
    if (known == null || !known.command().getAgentId().equals(agent.agentId())) {
      LOG.warn(
          "result of a command that is not open: agent={} command={}",
          agent.agentId(),
          printable(result.getCommandId()));
      return false;
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
      known.result().complete(result);
    }
    return true;
  }

  /** The agent that a command was issued to while it is open. */
  synchronized Optional<String> agentOf(String commandId) {
    return Optional.ofNullable(open.get(commandId)).map(one -> one.command().getAgentId());
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
