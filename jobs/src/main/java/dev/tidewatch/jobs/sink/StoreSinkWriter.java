package dev.tidewatch.jobs.sink;

import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.MetricGroup;

/** One subtask of a {@link StoreSink}: a queue and the thread that empties it. */
final class StoreSinkWriter<T> implements SinkWriter<T> {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private final StoreTable<T> table;
  private final RefusedRows refusedRows;
  private final BatchQueue<T> queue;
  private final Thread delivery;

  StoreSinkWriter(
      StoreTable<T> table,
      Batching batching,
      RefusedRows refusedRows,
      MetricGroup metricGroup,
      int subtask) {
    this.table = table;
    this.refusedRows = refusedRows;
    this.queue = new BatchQueue<>(batching, System::nanoTime);
    Backoff backoff =
        new Backoff(batching.backoff(), batching.backoffMax(), new SplittableRandom());
    StoreMetrics metrics = new StoreMetrics(metricGroup, queue);
    this.delivery =
        new Thread(
            new BatchDelivery<>(
                queue,
                table,
                refusedRows,
                metrics,
                backoff,
                pause -> Thread.sleep(pause.toMillis())),
            "store-" + table.name() + "-" + subtask);
    delivery.setDaemon(true);
    delivery.start();
  }

  @Override
  public void write(T row, Context context) throws IOException, InterruptedException {
    queue.add(row, table.size(row));
  }

  @Override
  public void flush(boolean endOfInput) throws IOException, InterruptedException {
    queue.awaitDelivered();
  }

  /** Rows that are still on their way are dropped: they come again from the last checkpoint. */
  @Override
  public void close() throws InterruptedException {
    queue.close();
    delivery.interrupt();
    delivery.join(CLOSE_TIMEOUT.toMillis());
    refusedRows.close();
  }
}
