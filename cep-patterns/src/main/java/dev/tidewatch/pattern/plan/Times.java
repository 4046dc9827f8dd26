package dev.tidewatch.pattern.plan;

import java.io.Serializable;

/**
 * How often a step happens.
 *
 * @param min 0: the step is optional
 * @param max {@link #UNBOUNDED} for {@code 3+}
 */
public record Times(int min, int max) implements Serializable {
  public static final int UNBOUNDED = Integer.MAX_VALUE;
  public static final Times ONCE = new Times(1, 1);

  public boolean isOnce() {
    return equals(ONCE);
  }

  public boolean isOptional() {
    return min == 0;
  }
}
