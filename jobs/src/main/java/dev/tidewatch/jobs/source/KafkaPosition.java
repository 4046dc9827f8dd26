package dev.tidewatch.jobs.source;

/**
 * Where a record stands in Kafka.
 *
 * @param appendMillis Kafka's timestamp of the record, milliseconds since the Unix epoch
 */
public record KafkaPosition(String topic, int partition, long offset, long appendMillis) {
  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
