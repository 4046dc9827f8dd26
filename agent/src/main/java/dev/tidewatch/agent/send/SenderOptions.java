package dev.tidewatch.agent.send;

import java.time.Duration;

/**
 * @param firstPause after a stream that failed
 * @param longestPause after many
 * @param revokedPause after the gateway said that this agent is revoked
 * @param welcomeTimeout how long a gateway may take to say welcome
 * @param keepalive silence after which the gateway is asked for a sign of life; a third of that
 *     later the connection counts as dead
 */
public record SenderOptions(
    Duration firstPause,
    Duration longestPause,
    Duration revokedPause,
    Duration welcomeTimeout,
    Duration keepalive) {
  public static final SenderOptions DEFAULT =
      new SenderOptions(
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(10),
          Duration.ofSeconds(15),
          Duration.ofSeconds(30));

  public SenderOptions withKeepalive(Duration silence) {
    return new SenderOptions(firstPause, longestPause, revokedPause, welcomeTimeout, silence);
  }
}
