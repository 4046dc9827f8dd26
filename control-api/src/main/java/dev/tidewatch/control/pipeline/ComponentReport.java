package dev.tidewatch.control.pipeline;

import dev.tidewatch.control.v1.PipelineHealth;
import dev.tidewatch.control.v1.PipelineHealth.Component;
import dev.tidewatch.control.v1.PipelineHealth.Status;
import dev.tidewatch.store.PipelineCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a look says of each part, in words, and of the whole. */
final class ComponentReport {
  static final String KAFKA = "kafka";
  static final String FLINK = "flink";
  static final String CLICKHOUSE = "clickhouse";
  static final String DETECTION_JOB = "detection-job";
  static final List<String> NAMES = List.of(KAFKA, FLINK, DETECTION_JOB, CLICKHOUSE);

  /** From this lag on alerts may be missing. */
  private static final double LONGEST_LAG_SECONDS = 30;

  private static final Set<String> ENDED =
      Set.of("FAILED", "CANCELED", "FINISHED", "SUSPENDED", "FAILING", "CANCELLING");

  private ComponentReport() {}

  static List<Component> of(Look look, double lagSeconds) {
    List<Component> components = new ArrayList<>();
    components.add(kafka(look));
    components.add(flink(look));
    components.add(job(look, lagSeconds));
    components.add(clickHouse(look));
    return components;
  }

  static Status worst(List<Component> components) {
    Status worst = Status.STATUS_OK;
    for (Component component : components) {
      if (component.getStatus().getNumber() > worst.getNumber()) {
        worst = component.getStatus();
      }
    }
    return worst;
  }

  /** A component's status as a figure: 1 ok, 0.5 degraded, 0 down, NaN unknown. */
  static double up(PipelineHealth health, String name) {
    return health.getComponentsList().stream()
        .filter(component -> component.getName().equals(name))
        .mapToDouble(
            component ->
                switch (component.getStatus()) {
                  case STATUS_OK -> 1;
                  case STATUS_DEGRADED -> 0.5;
                  case STATUS_DOWN -> 0;
                  default -> Double.NaN;
                })
        .findFirst()
        .orElse(Double.NaN);
  }

  private static Component kafka(Look look) {
    return look.kafka()
        .reading()
        .map(
            reading ->
                component(
                    KAFKA, Status.STATUS_OK, text("%,d records in telemetry", reading.written())))
        .orElseGet(() -> component(KAFKA, Status.STATUS_DOWN, look.kafka().failure()));
  }

  private static Component clickHouse(Look look) {
    return look.store()
        .reading()
        .map(reading -> component(CLICKHOUSE, Status.STATUS_OK, totals(reading.counts())))
        .orElseGet(() -> component(CLICKHOUSE, Status.STATUS_DOWN, look.store().failure()));
  }

  private static String totals(PipelineCounts counts) {
    return text("%,d events, %,d alerts", counts.events(), counts.alerts());
  }

  private static Component flink(Look look) {
    if (look.flink().isEmpty()) {
      return component(FLINK, Status.STATUS_UNSPECIFIED, "no REST endpoint is configured");
    }
    return look.job().isPresent()
        ? component(FLINK, Status.STATUS_OK, "answers")
        : component(FLINK, Status.STATUS_DOWN, look.flink().get().failure());
  }

  private static Component job(Look look, double lagSeconds) {
    if (look.job().isEmpty()) {
      return component(
          DETECTION_JOB, Status.STATUS_UNSPECIFIED, "not known while Flink is not asked");
    }
    FlinkReading job = look.job().get();
    if (job.state().isEmpty() || ENDED.contains(job.state())) {
      return component(DETECTION_JOB, Status.STATUS_DOWN, ended(job));
    }
    if (!look.isJobRunning()) {
      return component(DETECTION_JOB, Status.STATUS_DEGRADED, state(job));
    }
    return lagSeconds > LONGEST_LAG_SECONDS
        ? component(DETECTION_JOB, Status.STATUS_DEGRADED, behind(lagSeconds))
        : component(DETECTION_JOB, Status.STATUS_OK, running(look.timeMs(), job));
  }

  private static String ended(FlinkReading job) {
    return job.state().isEmpty() ? "no detection job was submitted" : state(job);
  }

  private static String state(FlinkReading job) {
    return "the job is " + job.state().toLowerCase(Locale.ROOT) + restarts(job);
  }

  private static String behind(double lagSeconds) {
    return text("%.0f s behind: alerts may be missing", lagSeconds);
  }

  private static String running(long nowMs, FlinkReading job) {
    Duration since = Duration.ofMillis(Math.max(0, nowMs - job.startedMs()));
    String time =
        since.toMinutes() < 1 ? since.toSeconds() + " s" : text("%,d min", since.toMinutes());
    return "running for " + time + restarts(job);
  }

  private static String restarts(FlinkReading job) {
    return job.restarts() == 0 ? "" : text(", %,d restarts", job.restarts());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static Component component(String name, Status status, String detail) {
    return Component.newBuilder().setName(name).setStatus(status).setDetail(detail).build();
  }
}
