package dev.tidewatch.control.gateway.command;

import dev.tidewatch.ingest.v1.SignedCommand;

/** The way down to an agent that is connected. */
@FunctionalInterface
public interface AgentLine {
  /** False when the agent is not connected or its line is full; then the command waits. */
  boolean send(String agentId, SignedCommand command);
}
