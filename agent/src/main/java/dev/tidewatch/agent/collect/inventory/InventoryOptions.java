package dev.tidewatch.agent.collect.inventory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * @param interval between two times at which everything is told
 * @param changesInterval between two looks for changes
 * @param performanceInterval between two looks at the load
 * @param lists which of {@code ports}, {@code packages}, {@code users}, {@code sessions}
 * @param memory where what was told is remembered
 * @param root of the file system
 */
public record InventoryOptions(
    Duration interval,
    Duration changesInterval,
    Duration performanceInterval,
    Set<String> lists,
    Path memory,
    Path root) {
  public InventoryOptions {
    lists = Set.copyOf(lists);
  }
}
