package dev.tidewatch.jobs.sink;

import dev.tidewatch.store.StoreRejectedException;
import dev.tidewatch.store.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the batches of a {@link BatchQueue} to its table, in a thread of its own.
 *
 * <p>While ClickHouse is unavailable the same batch is sent again, with growing pauses, for as long
 * as it takes. A batch that ClickHouse refuses is halved until the rows that it refuses stand
 * alone; those are kept as dead letters and everything else is stored.
 */
final class BatchDelivery<T> implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(BatchDelivery.class);

  /** An error of a kind that the store does not know is tried this often before it is the row's. */
  private static final int UNFORESEEN_ATTEMPTS = 3;

  private final BatchQueue<T> queue;
  private final StoreTable<T> table;
  private final RefusedRows refusedRows;
  private final StoreMetrics metrics;
  private final Backoff backoff;
  private final Pause pause;
  private StoreTable.@Nullable Rows<T> rows;

  /** Waits. */
  interface Pause {
    void of(Duration duration) throws InterruptedException;
  }

  BatchDelivery(
      BatchQueue<T> queue,
      StoreTable<T> table,
      RefusedRows refusedRows,
      StoreMetrics metrics,
      Backoff backoff,
      Pause pause) {
    this.queue = queue;
    this.table = table;
    this.refusedRows = refusedRows;
    this.metrics = metrics;
    this.backoff = backoff;
    this.pause = pause;
  }

  @Override
  public void run() {
    try {
      for (List<T> batch = queue.take(); batch != null; batch = queue.take()) {
        deliver(batch);
        queue.delivered();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      queue.fail(e);
    } catch (Throwable e) {
      queue.fail(e);
    } finally {
      closeRows();
    }
  }

  private void deliver(List<T> batch) throws InterruptedException {
    Deque<List<T>> left = new ArrayDeque<>(List.of(batch));
    while (!left.isEmpty()) {
      List<T> part = left.pop();
      String refusal = store(part);
      if (refusal == null) {
        metrics.stored(part.size());
      } else if (part.size() == 1) {
        refuse(part.get(0), refusal);
      } else {
        left.push(part.subList(part.size() / 2, part.size()));
        left.push(part.subList(0, part.size() / 2));
      }
    }
  }

  /** Stores {@code part} however long it takes; returns why ClickHouse refuses it, null if not. */
  private @Nullable String store(List<T> part) throws InterruptedException {
    backoff.reset();
    int unforeseen = 0;
    while (true) {
      try {
        long start = System.nanoTime();
        open().write(part);
        metrics.available(System.nanoTime() - start);
        return null;
      } catch (StoreUnavailableException e) {
        requireOpen();
        metrics.unavailable(table.name(), e);
      } catch (StoreRejectedException e) {
        requireOpen();
        return String.valueOf(e.getMessage());
      } catch (RuntimeException e) {
        requireOpen();
        LOG.warn("Storing {} rows in {} failed", part.size(), table.name(), e);
        if (++unforeseen >= UNFORESEEN_ATTEMPTS) {
          return e.toString();
        }
      }
      metrics.retried();
      pause.of(backoff.next());
    }
  }

  private void refuse(T row, String reason) throws InterruptedException {
    metrics.refused();
    LOG.warn("ClickHouse refuses a row of {}: {}", table.name(), reason);
    var letter = table.refused(row, reason);
    if (letter.isPresent()) {
      refusedRows.keep(letter.get());
    }
  }

  private StoreTable.Rows<T> open() {
    StoreTable.Rows<T> current = rows;
    if (current == null) {
      current = table.open();
      rows = current;
    }
    return current;
  }

  /** Failures while the sink closes are its own doing. */
  private void requireOpen() throws InterruptedException {
    if (queue.isClosed() || Thread.interrupted()) {
      throw new InterruptedException("the sink is closed");
    }
  }

  private void closeRows() {
    if (rows != null) {
      try {
        rows.close();
      } catch (RuntimeException e) {
        LOG.info("Closing the writer of {} failed: {}", table.name(), e.toString());
      }
    }
  }
}
