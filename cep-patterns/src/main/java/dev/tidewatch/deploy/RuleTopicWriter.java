package dev.tidewatch.deploy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes the topic of rules. Opening it takes the transactional id, which ends what another writer
 * has not committed, and reads what is there; while no other writer is opened, nothing else can be
 * written. After a failure it is of no more use: what became of the transaction is known when the
 * next one is open. Not thread-safe.
 */
public final class RuleTopicWriter implements AutoCloseable {
  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;
  private final RuleTopic.Read read;
  private long revision;
  private String hash;

  private RuleTopicWriter(
      String topic, KafkaProducer<byte[], byte[]> producer, RuleTopic.Read read) {
    this.topic = topic;
    this.producer = producer;
    this.read = read;
    this.revision = read.book().revision();
    this.hash = read.book().hash();
  }

  static RuleTopicWriter open(RuleTopic topic, Duration patience) {
    KafkaProducer<byte[], byte[]> producer = producer(topic, patience);
    try {
      producer.initTransactions();
      return new RuleTopicWriter(topic.topic(), producer, topic.readAll(patience));
    } catch (ProducerFencedException | InvalidProducerEpochException fenced) {
      producer.close(Duration.ZERO);
      throw new DeploymentConflictException(fenced);
    } catch (RuntimeException failed) {
      producer.close(Duration.ZERO);
      throw failed;
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(RuleTopic topic, Duration patience) {
    Map<String, Object> settings = new java.util.HashMap<>(topic.properties());
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "tidewatch-rules." + topic.topic());
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RuleTopic.LARGEST_RECORD);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, patience.toMillis());
    settings.put(
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        (int) Math.min(patience.toMillis(), TimeUnit.SECONDS.toMillis(30)));
    settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** What was there when it was opened. */
  public RuleTopic.Read read() {
    return read;
  }

  /** The revision that the topic has now. */
  public long revision() {
    return revision;
  }

  /** {@link RuleBook#hash()} of it. */
  public String hash() {
    return hash;
  }

  /**
   * Writes a revision in one transaction.
   *
   * @throws DeploymentConflictException when another writer was opened; nothing is written
   * @throws KafkaException when Kafka cannot be reached; it may be written or not
   */
  public void write(List<RuleRecord> records, long newRevision, String newHash) {
    try {
      producer.beginTransaction();
      for (RuleRecord record : records) {
        producer.send(new ProducerRecord<>(topic, 0, record.key(), record.value()));
      }
      producer.commitTransaction();
    } catch (KafkaException failed) {
      throw isFenced(failed) ? new DeploymentConflictException(failed) : failed;
    }
    revision = newRevision;
    hash = newHash;
  }

  private static boolean isFenced(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProducerFencedException
          || cause instanceof InvalidProducerEpochException) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
