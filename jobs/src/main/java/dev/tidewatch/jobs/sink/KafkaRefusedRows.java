package dev.tidewatch.jobs.sink;

import dev.tidewatch.events.v1.DeadLetter;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends refused rows to the dead-letter topic, one at a time: they are rare. */
final class KafkaRefusedRows implements RefusedRows {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaRefusedRows.class);
  private static final long PAUSE_MILLIS = 1_000;
  private final Properties properties;
  private final String topic;
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  KafkaRefusedRows(Properties properties, String topic) {
    this.properties = properties;
    this.topic = topic;
  }

  @Override
  public void keep(DeadLetter letter) throws InterruptedException {
    ProducerRecord<byte[], byte[]> record = DeadLetterRecords.record(topic, letter);
    while (true) {
      try {
        var unused = producer().send(record).get();
        return;
      } catch (ExecutionException e) {
        LOG.warn("Dead letter {} not sent yet: {}", letter.getCode(), e.getCause(), e);
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  private KafkaProducer<byte[], byte[]> producer() {
    KafkaProducer<byte[], byte[]> current = producer;
    if (current == null) {
      current =
          new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
      producer = current;
    }
    return current;
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close(java.time.Duration.ofSeconds(2));
    }
  }
}
