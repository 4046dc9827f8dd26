package dev.tidewatch.control.pipeline;

import dev.tidewatch.store.PipelineQueries;
import dev.tidewatch.store.StoreUnavailableException;
import java.time.Duration;

/** Asks ClickHouse for totals, rates and the last dead letters. */
final class StoreProbe implements Probe<StoreReading> {
  /** Rates look back over this. */
  private static final Duration WINDOW = Duration.ofSeconds(10);

  /** An event that enters later than this after its own time is late. */
  private static final Duration LATENESS = Duration.ofMinutes(5);

  private static final int DEAD_LETTERS = 50;

  private final PipelineQueries queries;

  StoreProbe(PipelineQueries queries) {
    this.queries = queries;
  }

  @Override
  public StoreReading read() throws ProbeFailedException {
    try {
      return new StoreReading(
          queries.counts(WINDOW, LATENESS), queries.recentDeadLetters(DEAD_LETTERS));
    } catch (StoreUnavailableException failure) {
      throw new ProbeFailedException("ClickHouse does not answer", failure);
    }
  }
}
