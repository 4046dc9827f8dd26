package dev.tidewatch.agent.update;

import java.time.Instant;

/**
 * How updating goes.
 *
 * @param current version that runs; empty: the agent was not started by the launcher
 * @param available newest version that is for this agent, when it is newer; else empty
 * @param lastCheck that reached its end, well or not; {@link Instant#EPOCH}: none yet
 * @param lastError why the last check failed, or why there are none; empty: it did not
 * @param onTrial the running version has not been confirmed yet
 */
public record UpdateStatus(
    String current, String available, Instant lastCheck, String lastError, boolean onTrial) {
  static UpdateStatus off(String why) {
    return new UpdateStatus("", "", Instant.EPOCH, why, false);
  }
}
