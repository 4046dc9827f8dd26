package dev.tidewatch.deploy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The compacted topic of rules in Kafka. Whoever changes it takes its transactional id first, which
 * ends what another has not committed, then reads to the end, plans and writes in one transaction:
 * of two who change it at once, one succeeds and the other is fenced, and readers with
 * read_committed see whole revisions only.
 *
 * @param properties for all clients, {@code bootstrap.servers} among them
 * @param topic its name
 */
public record RuleTopic(Map<String, String> properties, String topic) {
  private static final long TIMEOUT_SECONDS = 30;
  private static final Duration PATIENCE = Duration.ofSeconds(TIMEOUT_SECONDS);
  private static final Duration POLL = Duration.ofMillis(100);
  static final int LARGEST_RECORD = 4 << 20;

  public RuleTopic {
    properties = Map.copyOf(properties);
  }

  /**
   * Creates the topic unless it exists.
   *
   * @throws KafkaException when Kafka does not do it in time
   */
  public void create() {
    NewTopic created =
        new NewTopic(topic, Optional.of(1), Optional.empty())
            .configs(
                Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_COMPACT,
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    Integer.toString(LARGEST_RECORD)));
    create(properties, created);
  }

  /** Creates the topic that tells what runs where, unless it exists. */
  public static void createStatus(Map<String, String> properties, String topic) {
    NewTopic created =
        new NewTopic(topic, Optional.of(1), Optional.empty())
            .configs(
                Map.of(
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(TimeUnit.HOURS.toMillis(1)),
                    TopicConfig.SEGMENT_MS_CONFIG,
                    Long.toString(TimeUnit.MINUTES.toMillis(10))));
    create(properties, created);
  }

  private static void create(Map<String, String> properties, NewTopic created) {
    Admin admin = Admin.create(new HashMap<String, Object>(properties));
    try {
      admin.createTopics(List.of(created)).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new KafkaException("cannot create topic " + created.name(), e.getCause());
      }
    } catch (TimeoutException e) {
      throw new KafkaException("cannot create topic " + created.name() + ": no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    } finally {
      // Whoever is told that there is no answer does not wait for one again.
      admin.close(Duration.ZERO);
    }
  }

  /** A consumer at the beginning of the topic; the caller closes it. */
  public Consumer<byte[], byte[]> consumer() {
    Map<String, Object> settings = new HashMap<>(properties);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(List.of(partition()));
    consumer.seekToBeginning(List.of(partition()));
    return consumer;
  }

  public TopicPartition partition() {
    return new TopicPartition(topic, 0);
  }

  /**
   * What a topic holds.
   *
   * @param book the newest complete revision
   * @param records the newest value of each key, as it is in Kafka; in the order of first arrival
   */
  public record Read(RuleBook book, Map<String, byte[]> records) {
    public Read {
      records = Collections.unmodifiableMap(records);
    }
  }

  /** Reads to the end as it is now. */
  public RuleBook read() {
    return readAll(PATIENCE).book();
  }

  /**
   * Reads to the end as it is now.
   *
   * @throws KafkaException when Kafka does not get there in {@code patience}
   */
  Read readAll(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    Consumer<byte[], byte[]> consumer = consumer();
    try {
      RuleLedger ledger = new RuleLedger();
      Map<String, byte[]> records = new LinkedHashMap<>();
      long end = consumer.endOffsets(List.of(partition()), patience).getOrDefault(partition(), 0L);
      while (consumer.position(partition(), patience) < end) {
        if (System.nanoTime() > deadline) {
          throw new org.apache.kafka.common.errors.TimeoutException(
              "topic " + topic + " is not read to its end in " + patience);
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          var unused = ledger.accept(record.key(), record.value());
          put(records, record);
        }
      }
      return new Read(ledger.book(), records);
    } finally {
      // Nothing is committed: the fetch that is under way need not be waited for.
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  private static void put(Map<String, byte[]> records, ConsumerRecord<byte[], byte[]> record) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      records.remove(key);
    } else {
      records.put(key, record.value());
    }
  }

  /**
   * Changes the rules.
   *
   * @param planned makes the change of what is deployed; what it throws is passed on and nothing is
   *     written
   * @return what was written
   * @throws DeploymentConflictException when someone else changes them at the same time
   * @throws KafkaException when Kafka cannot be reached
   */
  public Deployment.Plan change(Function<RuleBook, Deployment.Plan> planned) {
    try (RuleTopicWriter writer = writer(PATIENCE)) {
      Deployment.Plan plan = planned.apply(writer.read().book());
      if (!plan.isEmpty()) {
        writer.write(plan.records(), plan.after().revision(), plan.after().hash());
      }
      return plan;
    }
  }

  /**
   * Takes the right to write from whoever had it, and reads what is there.
   *
   * @param patience how long Kafka may take for each step
   * @throws KafkaException when it takes longer
   */
  public RuleTopicWriter writer(Duration patience) {
    return RuleTopicWriter.open(this, patience);
  }
}
