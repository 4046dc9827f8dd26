package dev.tidewatch.control.gateway.enrollment;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tokens and agents; what is answered has been made durable. Thread-safe. What cannot be written
 * down throws {@link java.io.UncheckedIOException} or {@link
 * dev.tidewatch.control.database.DatabaseUnavailableException} and has not happened.
 *
 * <p>{@link FileEnrollmentStore} is for one gateway that runs alone; where there is a control
 * database its gateways share {@code registry}'s.
 */
public interface EnrollmentStore extends AutoCloseable {
  /**
   * Uses up a token.
   *
   * @param secret the token's secret part, base64url of 32 bytes; anything else is unknown
   * @param agent makes the agent's entry for the token's tenant; its failure leaves the token
   *     unused
   * @return the agent; empty for a token that is unknown, used, withdrawn or expired
   */
  Optional<EnrolledAgent> redeem(String secret, Instant now, Function<String, EnrolledAgent> agent);

  /** Asked for every stream at every sweep: must not block. */
  Optional<EnrolledAgent> agent(String agentId);

  /** All of them, revoked ones as well, in the order of their ids. */
  List<EnrolledAgent> agents();

  void renewed(String agentId, String serial, Instant notAfter);

  void flagClone(String agentId, String fingerprint);

  /** Whether events of {@code tenant} are taken now. Must not block. */
  default TenantStanding standing(String tenant) {
    return TenantStanding.SERVED;
  }

  @Override
  void close();
}
