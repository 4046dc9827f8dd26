package dev.tidewatch.events;

/**
 * How large and how deep a payload may be before it is refused.
 *
 * @param maxPayloadBytes size of the payload in bytes
 * @param maxDepth levels of nested objects and arrays
 * @param maxTokens JSON tokens (names, values, brackets): bounds the memory a small but bushy
 *     payload takes
 */
public record PayloadLimits(int maxPayloadBytes, int maxDepth, int maxTokens) {
  /** 16 MiB, 512 levels, a million tokens. */
  public static final PayloadLimits DEFAULT = new PayloadLimits(16 << 20, 512, 1_000_000);

  public PayloadLimits {
    requirePositive(maxPayloadBytes, "maxPayloadBytes");
    requirePositive(maxDepth, "maxDepth");
    requirePositive(maxTokens, "maxTokens");
  }

  private static void requirePositive(int value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }
}
