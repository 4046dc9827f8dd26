package dev.tidewatch.store;

import java.util.List;

/**
 * What {@link ClickHouseStore#migrate()} did.
 *
 * @param applied names of migrations applied by this call, in order, e.g. {@code V001__events}
 * @param current names of all migrations the database now has
 */
public record AppliedMigrations(List<String> applied, List<String> current) {
  public AppliedMigrations {
    applied = List.copyOf(applied);
    current = List.copyOf(current);
  }
}
