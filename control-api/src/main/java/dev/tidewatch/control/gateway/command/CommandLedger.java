package dev.tidewatch.control.gateway.command;

import dev.tidewatch.control.gateway.enrollment.AgentIdentity;
import dev.tidewatch.ingest.v1.CommandResult;
import dev.tidewatch.ingest.v1.SignedCommand;
import java.util.List;
import java.util.Optional;

/** What agents are told to do, and what they answer. Thread-safe. */
public interface CommandLedger extends AutoCloseable {
  /**
   * Commands that an agent has no final result for; it knows by their nonces what it has done. Must
   * not block.
   */
  List<SignedCommand> openFor(String agentId);

  /**
   * Writes down what an agent reports; of a command that it was not given, nothing. May block. A
   * failure means that it is not written down.
   */
  void report(AgentIdentity agent, CommandResult result);

  /**
   * The agent whose evidence for a command is taken: until a day after the command expired. May
   * block.
   */
  Optional<String> agentOf(String commandId);

  @Override
  void close();
}
