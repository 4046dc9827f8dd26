package dev.tidewatch.control.gateway.agent;

import dev.tidewatch.ingest.v1.SignedConfiguration;
import java.util.Optional;

/** Which configuration an agent should run with. Must not block. */
@FunctionalInterface
public interface Configurations {
  /** Every agent keeps its own. */
  Configurations NONE = (tenant, agentId) -> Optional.empty();

  /**
   * @param version an agent takes only a higher one than it has
   */
  record Wanted(long version, SignedConfiguration signed) {}

  Optional<Wanted> of(String tenant, String agentId);
}
