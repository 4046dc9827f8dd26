package dev.tidewatch.agent.collect;

/**
 * How a collector is doing.
 *
 * @param detail why it failed or cannot run; empty when it runs
 */
public record CollectorStatus(
    String name, State state, long events, long dropped, int restarts, String detail) {
  public enum State {
    RUNNING,
    OFF,
    FAILED,
    UNAVAILABLE
  }
}
