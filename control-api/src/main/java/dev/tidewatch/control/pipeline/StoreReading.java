package dev.tidewatch.control.pipeline;

import dev.tidewatch.control.v1.PipelineHealth.DeadLetterRow;
import dev.tidewatch.control.v1.PipelineHealth.LateSource;
import dev.tidewatch.store.PipelineCounts;
import java.util.List;

/** What ClickHouse says. */
record StoreReading(PipelineCounts counts, List<DeadLetterRow> deadLetters, List<LateSource> late) {
  StoreReading {
    deadLetters = List.copyOf(deadLetters);
    late = List.copyOf(late);
  }
}
