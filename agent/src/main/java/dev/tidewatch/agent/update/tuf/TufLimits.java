package dev.tidewatch.agent.update.tuf;

/**
 * How long metadata may be, in bytes.
 *
 * @param rotations of the root that are followed in one update
 */
public record TufLimits(int root, int timestamp, int snapshot, int targets, int rotations) {
  public static final TufLimits DEFAULT =
      new TufLimits(64 << 10, 16 << 10, 64 << 10, 512 << 10, 256);
}
