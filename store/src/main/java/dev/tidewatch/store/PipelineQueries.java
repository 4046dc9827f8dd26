package dev.tidewatch.store;

import dev.tidewatch.control.v1.PipelineHealth;
import java.time.Duration;
import java.util.List;

/**
 * What the store knows of the pipeline's health, over all tenants: for operators. Thread-safe. All
 * methods throw {@link StoreUnavailableException} when ClickHouse cannot answer now.
 */
public final class PipelineQueries {
  PipelineQueries() {}

  /**
   * Totals, newest times and rates now.
   *
   * @param window span that the rates and the late count look back over
   * @param lateness an event is late when it entered Tidewatch more than this after its own time
   */
  public PipelineCounts counts(Duration window, Duration lateness) {
    throw new UnsupportedOperationException();
  }

  /** Dead letters, newest first. */
  public List<PipelineHealth.DeadLetterRow> recentDeadLetters(int limit) {
    throw new UnsupportedOperationException();
  }
}
