package dev.tidewatch.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What this process holds: heap behind a collection, class metadata, classes, threads.
 *
 * @param threads by name, with a sign for every number in it
 */
record Footprint(long heapMb, long metaspaceMb, int classes, Map<String, Threads> threads) {
  /** Beginnings of the names of threads that take a rule to the job, and of nothing else there. */
  private static final List<String> DEPLOYING =
      List.of("control-blocking", "rule-relay", "running-rules", "rules-");

  /** Threads that share a name, but for numbers. */
  record Threads(long count, long cpuNanos) {
    static final Threads NONE = new Threads(0, 0);

    Threads and(Threads more) {
      return new Threads(count + more.count, cpuNanos + more.cpuNanos);
    }
  }

  /** Collects the heap first. */
  static Footprint now() {
    System.gc();
    long metaspace =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().equals("Metaspace"))
            .map(MemoryPoolMXBean::getUsage)
            .mapToLong(usage -> usage.getUsed())
            .sum();
    return new Footprint(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20,
        metaspace >> 20,
        ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
        byName());
  }

  private static Map<String, Threads> byName() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Map<String, Threads> byName = new TreeMap<>();
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null) {
        long cpu = Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
        String name =
            thread
                .getThreadName()
                .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "*")
                .replaceAll("[0-9]+", "#");
        byName.merge(name, new Threads(1, cpu), Threads::and);
      }
    }
    return byName;
  }

  ObjectNode toJson() {
    return new ObjectMapper()
        .createObjectNode()
        .put("heap_mb", heapMb)
        .put("metaspace_mb", metaspaceMb)
        .put("classes", classes)
        .put("threads", threads.values().stream().mapToLong(Threads::count).sum());
  }

  /** Kinds of threads of which there are more or fewer than in {@code before}, and by how many. */
  ObjectNode threadsSince(Footprint before) {
    ObjectNode changed = new ObjectMapper().createObjectNode();
    Map<String, Threads> all = new TreeMap<>(before.threads());
    all.putAll(threads);
    all.keySet()
        .forEach(
            name -> {
              long more = of(name).count() - before.of(name).count();
              if (more != 0) {
                changed.put(name, more);
              }
            });
    return changed;
  }

  /**
   * CPU milliseconds, for each of {@code deploys}, of the threads that take a rule to the job:
   * unlike a latency it does not ask how busy the machine was. What ended meanwhile is not in it.
   */
  ObjectNode cpuSince(Footprint before, int deploys) {
    ObjectNode cpu = new ObjectMapper().createObjectNode();
    for (String name : threads.keySet()) {
      if (DEPLOYING.stream().anyMatch(name::startsWith)) {
        double millis = (of(name).cpuNanos() - before.of(name).cpuNanos()) / 1e6;
        cpu.put(name, Math.round(100 * Math.max(0, millis) / Math.max(1, deploys)) / 100.0);
      }
    }
    return cpu;
  }

  private Threads of(String name) {
    return threads.getOrDefault(name, Threads.NONE);
  }
}
