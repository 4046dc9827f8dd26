package dev.tidewatch.pattern.machines;

import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.remember.Machine;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Runs plans that follow many partial matches of a key at once. Found by {@link ServiceLoader}:
 * this module knows of no Flink.
 */
public interface PatternEngine {
  /** A machine for one thread. */
  Machine machine(PatternPlan plan);

  /** Why it cannot run the plan; empty if it can. */
  Optional<String> refuses(PatternPlan plan);

  /** The engine on the class path. */
  static Optional<PatternEngine> find() {
    return Found.ENGINE;
  }

  /** Looked for once. */
  final class Found {
    private static final Optional<PatternEngine> ENGINE =
        ServiceLoader.load(PatternEngine.class, PatternEngine.class.getClassLoader()).findFirst();

    private Found() {}
  }
}
