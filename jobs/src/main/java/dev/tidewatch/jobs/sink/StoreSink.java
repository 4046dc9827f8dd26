package dev.tidewatch.jobs.sink;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Writes to a ClickHouse table at least once: before a checkpoint completes, everything before its
 * barrier is durable. The tables are idempotent by id, so a row that is written again is seen once.
 */
public final class StoreSink<T> implements Sink<T> {
  private static final long serialVersionUID = 1L;
  private final StoreTable<T> table;
  private final Batching batching;
  private final RefusedRows.Factory refusedRows;

  StoreSink(StoreTable<T> table, Batching batching, RefusedRows.Factory refusedRows) {
    this.table = table;
    this.batching = batching;
    this.refusedRows = refusedRows;
  }

  @Override
  public SinkWriter<T> createWriter(WriterInitContext context) {
    int subtask = context.getTaskInfo().getIndexOfThisSubtask();
    return new StoreSinkWriter<>(
        table, batching, refusedRows.open(), context.metricGroup(), subtask);
  }
}
