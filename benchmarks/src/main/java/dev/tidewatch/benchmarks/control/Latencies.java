package dev.tidewatch.benchmarks.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** Every latency of a run, kept whole: no buckets, no sampling. Thread-safe. */
final class Latencies {
  private long[] nanos = new long[1024];
  private int count;
  private int errors;

  synchronized void add(long latencyNanos) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    nanos[count++] = latencyNanos;
  }

  synchronized void addError() {
    errors++;
  }

  synchronized void addAll(Latencies others) {
    synchronized (others) {
      for (int i = 0; i < others.count; i++) {
        add(others.nanos[i]);
      }
      errors += others.errors;
    }
  }

  synchronized int errors() {
    return errors;
  }

  synchronized int count() {
    return count;
  }

  /** Milliseconds by percentile; nearest rank. */
  synchronized ObjectNode report() {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("requests", count).put("errors", errors);
    if (count > 0) {
      report
          .put("p50_ms", millis(sorted, 0.50))
          .put("p95_ms", millis(sorted, 0.95))
          .put("p99_ms", millis(sorted, 0.99))
          .put("max_ms", millis(sorted, 1.0));
    }
    return report;
  }

  private static double millis(long[] sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.length);
    return Math.round(sorted[Math.max(0, rank - 1)] / 1e4) / 100.0;
  }
}
