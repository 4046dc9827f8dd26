package dev.tidewatch.agent.release;

import java.time.Duration;

/** How long signed metadata counts. The timestamp's is how long an attacker can hide a release. */
public record Validity(Duration root, Duration targets, Duration snapshot, Duration timestamp) {
  public static final Validity DEFAULT =
      new Validity(
          Duration.ofDays(365), Duration.ofDays(180), Duration.ofDays(30), Duration.ofDays(7));

  Duration of(String role) {
    return switch (role) {
      case "root" -> root;
      case "targets" -> targets;
      case "snapshot" -> snapshot;
      case "timestamp" -> timestamp;
      default -> throw new IllegalArgumentException("no role " + role);
    };
  }
}
