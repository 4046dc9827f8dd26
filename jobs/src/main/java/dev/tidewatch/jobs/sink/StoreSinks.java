package dev.tidewatch.jobs.sink;

import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.DeadLetter;
import dev.tidewatch.jobs.options.DetectionOptions;
import dev.tidewatch.jobs.source.InboundRecord;
import java.util.Properties;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;

/** The ClickHouse sinks of the job, as its options say. */
public final class StoreSinks {
  private StoreSinks() {}

  public static StoreSink<InboundRecord> events(DetectionOptions options) {
    Batching batching =
        batching(
            options,
            DetectionOptions.EVENTS_BATCH_ROWS,
            DetectionOptions.EVENTS_BATCH_SIZE,
            DetectionOptions.EVENTS_FLUSH_INTERVAL);
    EventTable table = new EventTable(options.clickHouse(), KafkaSinks.letters(options));
    return new StoreSink<>(table, batching, refusedRows(options));
  }

  public static StoreSink<Alert> alerts(DetectionOptions options) {
    String topic = options.get(DetectionOptions.ALERTS_TOPIC);
    AlertTable table = new AlertTable(options.clickHouse(), topic);
    return new StoreSink<>(table, alertBatching(options), refusedRows(options));
  }

  public static StoreSink<DeadLetter> deadLetters(DetectionOptions options) {
    DeadLetterTable table = new DeadLetterTable(options.clickHouse());
    return new StoreSink<>(table, alertBatching(options), refusedRows(options));
  }

  private static Batching alertBatching(DetectionOptions options) {
    return batching(
        options,
        DetectionOptions.ALERTS_BATCH_ROWS,
        DetectionOptions.ALERTS_BATCH_SIZE,
        DetectionOptions.ALERTS_FLUSH_INTERVAL);
  }

  private static Batching batching(
      DetectionOptions options,
      ConfigOption<Integer> rows,
      ConfigOption<MemorySize> size,
      ConfigOption<java.time.Duration> interval) {
    return new Batching(
        options.get(rows),
        options.get(size).getBytes(),
        options.get(interval),
        options.get(DetectionOptions.IN_FLIGHT_BATCHES),
        options.get(DetectionOptions.RETRY_BACKOFF),
        options.get(DetectionOptions.RETRY_BACKOFF_MAX));
  }

  private static RefusedRows.Factory refusedRows(DetectionOptions options) {
    Properties properties = KafkaSinks.producerProperties(options);
    String topic = options.get(DetectionOptions.DEAD_LETTER_TOPIC);
    return () -> new KafkaRefusedRows(properties, topic);
  }
}
