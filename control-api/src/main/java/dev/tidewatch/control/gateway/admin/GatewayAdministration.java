package dev.tidewatch.control.gateway.admin;

import dev.tidewatch.control.gateway.agent.AgentStreams;
import dev.tidewatch.control.gateway.command.Commands;
import dev.tidewatch.control.gateway.enrollment.CertificateAuthority;
import dev.tidewatch.control.gateway.enrollment.EnrolledAgent;
import dev.tidewatch.control.gateway.enrollment.FileEnrollmentStore;
import dev.tidewatch.control.gateway.enrollment.Secrets;
import dev.tidewatch.control.gateway.enrollment.TenantIds;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.Heartbeat;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What operators do with a gateway that runs alone. Where there is a control database, its API does
 * all of this.
 */
public final class GatewayAdministration {
  private static final String TOKEN_PREFIX = "tw1.";
  private static final String KEY_PREFIX = "twk_";

  private final FileEnrollmentStore store;
  private final CertificateAuthority authority;
  private final Clock clock;
  private final Commands commands;
  private final AgentStreams streams;

  public GatewayAdministration(
      FileEnrollmentStore store,
      CertificateAuthority authority,
      Commands commands,
      AgentStreams streams,
      Clock clock) {
    this.store = store;
    this.authority = authority;
    this.commands = commands;
    this.streams = streams;
    this.clock = clock;
  }

  /**
   * A one-time token for one agent of {@code tenant}.
   *
   * @throws IllegalArgumentException when no tenant can have that id
   */
  public String mintToken(String tenant, Duration validity) {
    String secret = Secrets.random();
    store.addToken(Secrets.hash(secret), TenantIds.require(tenant), clock.instant().plus(validity));
    return TOKEN_PREFIX + secret + "." + authority.pin();
  }

  /**
   * An API key with which events of {@code tenant} may be sent: {@code twk_} and 256 random bits.
   *
   * @throws IllegalArgumentException when no tenant can have that id
   */
  public String mintApiKey(String tenant, String label) {
    String key = KEY_PREFIX + Secrets.random();
    store.addApiKey(Secrets.hash(key), TenantIds.require(tenant), label);
    return key;
  }

  public boolean withdrawApiKey(String key) {
    return store.removeApiKey(Secrets.hash(key));
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
