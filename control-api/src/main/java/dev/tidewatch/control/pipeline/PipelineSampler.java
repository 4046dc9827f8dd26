package dev.tidewatch.control.pipeline;

import dev.tidewatch.control.v1.PipelineHealth;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the pipeline every few seconds in the background, all parts at once, so that no request
 * waits for a part that is down.
 */
public final class PipelineSampler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineSampler.class);

  private final WatchedProbe<KafkaReading> kafka;
  private final WatchedProbe<StoreReading> store;
  private final Optional<WatchedProbe<FlinkReading>> flink;
  private final IntSupplier rules;
  private final Clock clock;
  private final HealthHistory history = new HealthHistory();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "pipeline-sampler");
            thread.setDaemon(true);
            return thread;
          });
  private volatile PipelineHealth health = PipelineHealth.getDefaultInstance();

  PipelineSampler(
      WatchedProbe<KafkaReading> kafka,
      WatchedProbe<StoreReading> store,
      Optional<WatchedProbe<FlinkReading>> flink,
      IntSupplier rules,
      Clock clock) {
    this.kafka = kafka;
    this.store = store;
    this.flink = flink;
    this.rules = rules;
    this.clock = clock;
  }

  /** Begins to look, at once and then with {@code pause} between looks. */
  void start(Duration pause) {
    timer.scheduleWithFixedDelay(this::sampleSafely, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** As of the last look; without components before the first. */
  public PipelineHealth health() {
    return health;
  }

  /** Whether ClickHouse answered the last look. */
  public boolean isStoreUp() {
    return health.getComponentsList().stream()
        .anyMatch(
            component ->
                component.getName().equals(ComponentReport.CLICKHOUSE)
                    && component.getStatus() == PipelineHealth.Status.STATUS_OK);
  }

  private void sampleSafely() {
    try {
      sample();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("the pipeline could not be sampled", e);
    }
  }

  void sample() throws InterruptedException {
    kafka.begin();
    store.begin();
    flink.ifPresent(WatchedProbe::begin);
    Optional<WatchedProbe.Outcome<FlinkReading>> flinkOutcome =
        flink.isPresent() ? Optional.of(flink.get().outcome()) : Optional.empty();
    Look look = new Look(clock.millis(), kafka.outcome(), store.outcome(), flinkOutcome);
    health = history.add(look, rules.getAsInt());
  }

  @Override
  public void close() {
    timer.shutdownNow();
    kafka.close();
    store.close();
    flink.ifPresent(WatchedProbe::close);
  }
}
