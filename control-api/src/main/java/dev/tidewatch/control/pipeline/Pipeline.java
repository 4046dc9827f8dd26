package dev.tidewatch.control.pipeline;

import dev.tidewatch.control.v1.PipelineHealth;
import dev.tidewatch.store.PipelineQueries;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;

/** The pipeline as the control API watches it: real probes, their sampler, gauges. */
public final class Pipeline implements AutoCloseable {
  private static final String JOB_NAME = "tidewatch-detection";
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final KafkaProbe kafka;
  private final PipelineSampler sampler;

  private Pipeline(KafkaProbe kafka, PipelineSampler sampler) {
    this.kafka = kafka;
    this.sampler = sampler;
  }

  /** What is watched. */
  public record Watched(
      String bootstrapServers,
      String consumerGroup,
      Optional<URI> flinkRest,
      PipelineQueries store,
      IntSupplier rules) {}

  /** Begins to watch, every {@code pause}. */
  public static Pipeline watch(Watched watched, Duration pause, Clock clock) {
    KafkaProbe kafka = new KafkaProbe(watched.bootstrapServers(), watched.consumerGroup());
    PipelineSampler sampler =
        new PipelineSampler(
            new WatchedProbe<>("kafka", kafka, PATIENCE),
            new WatchedProbe<>("clickhouse", new StoreProbe(watched.store()), PATIENCE),
            watched
                .flinkRest()
                .map(rest -> new WatchedProbe<>("flink", new FlinkProbe(rest, JOB_NAME), PATIENCE)),
            watched.rules(),
            clock);
    sampler.start(pause);
    return new Pipeline(kafka, sampler);
  }

  public PipelineSampler sampler() {
    return sampler;
  }

  /** Publishes the health as gauges named {@code tidewatch_pipeline_…}. */
  public void bindTo(MeterRegistry registry) {
    gauge(registry, "consumer.lag.records", PipelineHealth::getConsumerLagRecords);
    gauge(registry, "lag.seconds", PipelineHealth::getLagSeconds);
    gauge(registry, "events.in.per.second", PipelineHealth::getEventsInPerSecond);
    gauge(registry, "events.stored.per.second", PipelineHealth::getEventsStoredPerSecond);
    gauge(registry, "alerts.per.second", PipelineHealth::getAlertsPerSecond);
    gauge(registry, "events", PipelineHealth::getEventsTotal);
    gauge(registry, "alerts", PipelineHealth::getAlertsTotal);
    gauge(registry, "dead.letters", PipelineHealth::getDeadLetters);
    gauge(registry, "rules", PipelineHealth::getRules);
    for (String component : ComponentReport.NAMES) {
      Gauge.builder(
              "tidewatch.pipeline.up", sampler, s -> ComponentReport.up(s.health(), component))
          .description("1 ok, 0.5 degraded, 0 down, NaN unknown")
          .tag("component", component)
          .register(registry);
    }
  }

  private void gauge(MeterRegistry registry, String name, ToDoubleFunction<PipelineHealth> value) {
    Gauge.builder("tidewatch.pipeline." + name, sampler, s -> value.applyAsDouble(s.health()))
        .register(registry);
  }

  @Override
  public void close() {
    sampler.close();
    kafka.close();
  }
}
