package dev.tidewatch.control.pipeline;

import dev.tidewatch.store.PipelineQueries;
import dev.tidewatch.store.StoreUnavailableException;
import java.time.Duration;

/** Asks ClickHouse for totals, rates, the last dead letters and who sends late. */
final class StoreProbe implements Probe<StoreReading> {
  /** Rates look back over this. */
  private static final Duration WINDOW = Duration.ofSeconds(10);

  /** An event that enters later than this after its own time is late. */
  private static final Duration LATENESS = Duration.ofMinutes(5);

  private static final Duration LATE_WINDOW = Duration.ofMinutes(1);

  private static final int DEAD_LETTERS = 50;

  private final PipelineQueries queries;

  StoreProbe(PipelineQueries queries) {
    this.queries = queries;
  }

  @Override
  public StoreReading read() throws ProbeFailedException {
    try {
      return new StoreReading(
          queries.counts(WINDOW, LATENESS),
          queries.recentDeadLetters(DEAD_LETTERS),
          queries.lateBySource(LATE_WINDOW, LATENESS));
    } catch (StoreUnavailableException failure) {
      throw new ProbeFailedException("ClickHouse does not answer", failure);
    }
  }
}
