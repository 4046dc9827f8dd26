package dev.tidewatch.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How fast a backlog in Kafka is decoded, matched and stored. */
final class Throughput {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private Throughput() {}

  /**
   * Watches the stored events grow to {@code events}. The rate over all of them counts from the
   * first that is stored; the steady rate leaves out the first quarter, in which the JVM warms up.
   * CPU time per event is over the same three quarters; unlike the rate it hardly depends on what
   * else the machine does.
   */
  static Map<String, Object> measure(ClickHouseProbe probe, long events, long storePid)
      throws IOException, InterruptedException {
    long first = 0;
    long firstCount = 0;
    long quarter = 0;
    long quarterCount = 0;
    long stored = 0;
    Duration ownCpu = Duration.ZERO;
    Duration storeCpu = Duration.ZERO;
    while (stored < events) {
      LockSupport.parkNanos(POLL_NANOS);
      stored = probe.number("SELECT count() FROM events");
      long now = System.nanoTime();
      if (first == 0 && stored > 0) {
        first = now;
        firstCount = stored;
      }
      if (quarter == 0 && stored >= events / 4) {
        quarter = now;
        quarterCount = stored;
        ownCpu = cpu(ProcessHandle.current().pid());
        storeCpu = cpu(storePid);
      }
    }
    long end = System.nanoTime();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("events", probe.number("SELECT count() FROM events FINAL"));
    result.put("alerts", probe.number("SELECT count() FROM alerts FINAL"));
    result.put("events_per_second", rate(stored - firstCount, end - first));
    result.put("events_per_second_steady", rate(stored - quarterCount, end - quarter));
    long steady = stored - quarterCount;
    result.put(
        "cpu_micros_per_event_kafka_and_flink", per(steady, ownCpu, ProcessHandle.current().pid()));
    result.put("cpu_micros_per_event_clickhouse", per(steady, storeCpu, storePid));
    return result;
  }

  private static double per(long events, Duration before, long pid) {
    double micros = cpu(pid).minus(before).toNanos() / 1e3;
    return Math.round(10 * micros / Math.max(1, events)) / 10.0;
  }

  private static Duration cpu(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }

  private static long rate(long events, long nanos) {
    return nanos <= 0 ? 0 : Math.round(events * 1e9 / nanos);
  }
}
