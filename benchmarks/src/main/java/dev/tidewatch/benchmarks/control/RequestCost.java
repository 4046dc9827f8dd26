package dev.tidewatch.benchmarks.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * CPU time that a request of each kind takes, one after another: of this process, which is server
 * and client, and of its children, ClickHouse and PostgreSQL. Unlike latency it hardly depends on
 * what else the machine does.
 */
final class RequestCost {
  private final MixedLoad load;
  private final int requests;

  /**
   * @param requests of each kind; the kernel counts in steps of ten milliseconds, fifty at least
   *     say something
   */
  RequestCost(MixedLoad load, int requests) {
    this.load = load;
    this.requests = requests;
  }

  /** Milliseconds a request. The first third of the requests is not counted. */
  ObjectNode measure() {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    for (MixedLoad.Kind kind : MixedLoad.Kind.values()) {
      ask(kind, requests / 3);
      List<ProcessHandle> children = ProcessHandle.current().descendants().toList();
      Duration own = cpu(List.of(ProcessHandle.current()));
      Duration others = cpu(children);
      ask(kind, requests);
      report
          .putObject(kind.name().toLowerCase(Locale.ROOT))
          .put("server_and_client_cpu_ms", each(own, cpu(List.of(ProcessHandle.current()))))
          .put("databases_cpu_ms", each(others, cpu(children)));
    }
    return report;
  }

  private void ask(MixedLoad.Kind kind, int count) {
    for (int n = 0; n < count; n++) {
      load.one(kind, n % 2 == 0);
    }
  }

  private static Duration cpu(List<ProcessHandle> processes) {
    return processes.stream()
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  private double each(Duration before, Duration after) {
    return Math.round(after.minus(before).toMillis() * 100.0 / requests) / 100.0;
  }
}
