package dev.tidewatch.agent.send;

import java.time.Duration;

/**
 * @param firstPause after a stream that failed
 * @param longestPause after many
 * @param revokedPause after the gateway said that this agent is revoked
 * @param welcomeTimeout how long a gateway may take to say welcome
 */
public record SenderOptions(
    Duration firstPause, Duration longestPause, Duration revokedPause, Duration welcomeTimeout) {
  public static final SenderOptions DEFAULT =
      new SenderOptions(
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(10),
          Duration.ofSeconds(15));
}
