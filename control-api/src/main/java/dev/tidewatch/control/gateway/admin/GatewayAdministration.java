package dev.tidewatch.control.gateway.admin;

import dev.tidewatch.control.gateway.agent.AgentStreams;
import dev.tidewatch.control.gateway.command.Commands;
import dev.tidewatch.control.gateway.enrollment.EnrolledAgent;
import dev.tidewatch.control.gateway.enrollment.EnrollmentStore;
import dev.tidewatch.control.gateway.enrollment.Enrollments;
import dev.tidewatch.control.gateway.http.ApiKeys;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.Heartbeat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What operators do with a gateway. */
public final class GatewayAdministration {
  private final EnrollmentStore store;
  private final Enrollments enrollments;
  private final ApiKeys keys;
  private final Commands commands;
  private final AgentStreams streams;

  public GatewayAdministration(
      EnrollmentStore store,
      Enrollments enrollments,
      ApiKeys keys,
      Commands commands,
      AgentStreams streams) {
    this.store = store;
    this.enrollments = enrollments;
    this.keys = keys;
    this.commands = commands;
    this.streams = streams;
  }

  /** A one-time token for one agent of {@code tenant}. */
  public String mintToken(String tenant, Duration validity) {
    return enrollments.mintToken(tenant, validity);
  }

  /** An API key with which events of {@code tenant} may be sent. */
  public String mintApiKey(String tenant, String label) {
    return keys.mint(tenant, label);
  }

  public boolean withdrawApiKey(String key) {
    return keys.withdraw(key);
  }

  public List<EnrolledAgent> agents() {
    return store.agents();
  }

  public Optional<EnrolledAgent> agent(String agentId) {
    return store.agent(agentId);
  }

  public boolean isConnected(String agentId) {
    return streams.isConnected(agentId);
  }

  public Optional<Heartbeat> heartbeat(String agentId) {
    return streams.heartbeat(agentId);
  }

  /** Locks an agent out for good and ends its stream at once. False when there is none such. */
  public boolean revoke(String agentId, String reason) {
    boolean known = store.revoke(agentId, reason);
    streams.cut(agentId, "revoked");
    return known;
  }

  /**
   * Signs a command for an agent and sends it, now or when it comes.
   *
   * @param wish action, dry run, who and why
   * @throws IllegalArgumentException for an agent that is unknown or revoked, or without an action
   */
  public Commands.Issued command(String agentId, Command wish, Duration validity) {
    EnrolledAgent agent =
        store
            .agent(agentId)
            .filter(known -> known.revoked() == null)
            .orElseThrow(
                () -> new IllegalArgumentException("agent: not enrolled, or revoked: " + agentId));
    return commands.issue(agent, wish, validity, streams);
  }
}
