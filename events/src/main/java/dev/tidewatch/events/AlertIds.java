package dev.tidewatch.events;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.UUID;

/** Alert ids are derived, so that re-delivery updates an alert and never doubles it. */
public final class AlertIds {
  private static final UUID NAMESPACE = UUID.fromString("6f7a8a52-6a5a-5f0e-9c3e-0e3a6a0d7a11");

  private AlertIds() {}

  /**
   * UUIDv5 over the identity of an episode.
   *
   * @param groupKey the event id for rules without memory, the group's values otherwise
   */
  public static UUID derive(
      String tenantId, String ruleId, int ruleVersion, String groupKey, long episodeStartMicros) {
    return UuidCreator.getNameBasedSha1(
        NAMESPACE,
        String.join(
            "\u0000",
            tenantId,
            ruleId,
            Integer.toString(ruleVersion),
            groupKey,
            Long.toString(episodeStartMicros)));
  }
}
