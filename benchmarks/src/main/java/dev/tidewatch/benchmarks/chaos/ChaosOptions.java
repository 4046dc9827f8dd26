package dev.tidewatch.benchmarks.chaos;

import java.nio.file.Path;
import java.time.Duration;

/**
 * @param directory for data and logs; must be empty
 * @param length of load and faults
 * @param rate events per second
 * @param seed of the events and of the faults' order
 * @param stateBackend {@code hashmap} or {@code rocksdb}
 */
public record ChaosOptions(
    Path directory, Duration length, int rate, long seed, String stateBackend) {}
