package dev.tidewatch.control.gateway.enrollment;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tokens, agents and API keys; what is answered has been made durable. Secrets are known by their
 * hashes only. Thread-safe. What cannot be written down throws {@link java.io.UncheckedIOException}
 * and has not happened.
 */
public interface EnrollmentStore extends AutoCloseable {
  /** Remembers a token that lets one agent of {@code tenant} in until {@code expires}. */
  void addToken(String hash, String tenant, Instant expires);

  /**
   * Uses up a token.
   *
   * @param agent makes the agent's entry for the token's tenant; its failure leaves the token
   *     unused
   * @return the agent; empty for a token that is unknown, used or expired
   */
  Optional<EnrolledAgent> redeem(String hash, Instant now, Function<String, EnrolledAgent> agent);

  Optional<EnrolledAgent> agent(String agentId);

  /** All of them, revoked ones as well, in the order of their ids. */
  List<EnrolledAgent> agents();

  void renewed(String agentId, String serial, Instant notAfter);

  /** Locks an agent out for good. False when there is none such. */
  boolean revoke(String agentId, String reason);

  void flagClone(String agentId, String fingerprint);

  /** Remembers an API key with which events of {@code tenant} may be sent. */
  void addApiKey(String hash, String tenant, String label);

  /** Whose events a key may send; empty for an unknown or withdrawn one. */
  Optional<String> tenantOfApiKey(String hash);

  /** False when there is none such. */
  boolean removeApiKey(String hash);

  @Override
  void close();
}
