package dev.tidewatch.jobs.sink;

import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a {@link StoreSink} counts. Written by the delivery thread, read by reporters. */
final class StoreMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(StoreMetrics.class);
  private static final int WINDOW = 1_000;
  private static final long LOG_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Counter stored;
  private final Counter retries;
  private final Counter refused;
  private final Histogram batchRows;
  private final Histogram writeMillis;
  private volatile boolean isUnavailable;
  private long unavailableSince;
  private long loggedAt;

  StoreMetrics(MetricGroup group, BatchQueue<?> queue) {
    stored = group.counter("rowsStored", new ThreadSafeSimpleCounter());
    retries = group.counter("storeRetries", new ThreadSafeSimpleCounter());
    refused = group.counter("rowsRefused", new ThreadSafeSimpleCounter());
    batchRows = group.histogram("batchRows", new DescriptiveStatisticsHistogram(WINDOW));
    writeMillis = group.histogram("batchWriteMillis", new DescriptiveStatisticsHistogram(WINDOW));
    group.gauge("rowsInFlight", queue::rowsInFlight);
    group.gauge("storeUnavailable", () -> isUnavailable ? 1 : 0);
  }

  void stored(int rows) {
    stored.inc(rows);
    batchRows.update(rows);
  }

  void retried() {
    retries.inc();
  }

  void refused() {
    refused.inc();
  }

  void available(long tookNanos) {
    writeMillis.update(TimeUnit.NANOSECONDS.toMillis(tookNanos));
    if (isUnavailable) {
      isUnavailable = false;
      LOG.info("ClickHouse is back after {} s", secondsSince(unavailableSince));
    }
  }

  void unavailable(String table, Throwable cause) {
    long now = System.nanoTime();
    if (!isUnavailable) {
      isUnavailable = true;
      unavailableSince = now;
      loggedAt = now - LOG_EVERY_NANOS;
    }
    if (now - loggedAt >= LOG_EVERY_NANOS) {
      loggedAt = now;
      LOG.warn(
          "ClickHouse is unavailable since {} s, rows of {} wait: {}",
          secondsSince(unavailableSince),
          table,
          cause.getMessage());
    }
  }

  private static long secondsSince(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - nanos);
  }
}
