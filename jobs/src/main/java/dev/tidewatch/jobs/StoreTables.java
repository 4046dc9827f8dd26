package dev.tidewatch.jobs;

import dev.tidewatch.jobs.options.DetectionOptions;
import dev.tidewatch.store.ClickHouseStore;
import dev.tidewatch.store.StoreUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The job's tables, brought up to date before it starts. */
final class StoreTables {
  private static final Logger LOG = LoggerFactory.getLogger(StoreTables.class);

  private StoreTables() {}

  /** A ClickHouse that is away is no reason not to start: the sinks wait for it and its tables. */
  static void prepare(DetectionOptions options) {
    try (ClickHouseStore store = ClickHouseStore.connect(options.clickHouse())) {
      var applied = store.migrate();
      LOG.info("ClickHouse: {}", applied);
    } catch (StoreUnavailableException e) {
      LOG.warn("ClickHouse is unavailable, its tables are as they are: {}", e.getMessage());
    }
  }
}
