package dev.tidewatch.jobs;

import dev.tidewatch.deploy.RuleTopic;
import dev.tidewatch.jobs.options.DetectionOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.configuration.MemorySize;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/** The job's topics, looked after before it starts. */
final class KafkaTopics {
  private static final long TIMEOUT_SECONDS = 60;

  private KafkaTopics() {}

  /**
   * Creates topics that are missing, unless told not to, and learns how large a record the
   * dead-letter topic takes.
   *
   * @return options whose {@link DetectionOptions#MAX_RECORD_SIZE} is what that topic takes, if
   *     less
   * @throws IllegalStateException when Kafka cannot be reached or a topic is missing, in one line
   */
  static DetectionOptions prepare(DetectionOptions options) {
    List<String> topics =
        List.of(
            options.get(DetectionOptions.TELEMETRY_TOPIC),
            options.get(DetectionOptions.ALERTS_TOPIC),
            options.get(DetectionOptions.DEAD_LETTER_TOPIC),
            options.get(DetectionOptions.LATE_MATCHES_TOPIC));
    try (Admin admin = Admin.create(options.kafkaProperties())) {
      Collection<String> missing = missing(admin, topics);
      if (!missing.isEmpty()) {
        create(admin, missing, options);
      }
      createRuleTopics(admin, options);
      return withDeadLetterLimit(admin, options);
    }
  }

  private static Collection<String> missing(Admin admin, List<String> topics) {
    Set<String> present = get(admin.listTopics().names(), "list topics");
    List<String> missing = new ArrayList<>(topics);
    missing.removeAll(present);
    return missing;
  }

  private static void requireMayCreate(Collection<String> missing, DetectionOptions options) {
    if (!missing.isEmpty() && !options.get(DetectionOptions.CREATE_TOPICS)) {
      throw new IllegalStateException(
          "Kafka has no topic %s, and %s is false"
              .formatted(String.join(", ", missing), DetectionOptions.CREATE_TOPICS.key()));
    }
  }

  private static void create(Admin admin, Collection<String> topics, DetectionOptions options) {
    requireMayCreate(topics, options);
    long largest = options.get(DetectionOptions.MAX_RECORD_SIZE).getBytes();
    Map<String, String> config = Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "" + largest);
    Optional<Integer> partitions = Optional.of(options.get(DetectionOptions.TOPIC_PARTITIONS));
    for (String topic : topics) {
      NewTopic created = new NewTopic(topic, partitions, Optional.empty()).configs(config);
      try {
        get(admin.createTopics(List.of(created)).all(), "create topic " + topic);
      } catch (IllegalStateException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
  }

  /** Rules are kept for ever, a version each; what runs where is of interest only now. */
  private static void createRuleTopics(Admin admin, DetectionOptions options) {
    String rules = options.get(DetectionOptions.RULES_TOPIC);
    String status = options.get(DetectionOptions.RULES_STATUS_TOPIC);
    Collection<String> missing = missing(admin, List.of(rules, status));
    requireMayCreate(missing, options);
    Map<String, String> properties = options.kafkaClientProperties();
    if (missing.contains(rules)) {
      new RuleTopic(properties, rules).create();
    }
    if (missing.contains(status)) {
      RuleTopic.createStatus(properties, status);
    }
    missing.forEach(topic -> awaitKnown(admin, topic));
  }

  private static DetectionOptions withDeadLetterLimit(Admin admin, DetectionOptions options) {
    ConfigResource topic =
        new ConfigResource(
            ConfigResource.Type.TOPIC, options.get(DetectionOptions.DEAD_LETTER_TOPIC));
    awaitKnown(admin, options.get(DetectionOptions.DEAD_LETTER_TOPIC));
    var config = get(admin.describeConfigs(List.of(topic)).all(), "describe " + topic.name());
    var entry =
        Optional.ofNullable(config.get(topic))
            .map(settings -> settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
    long wanted = options.get(DetectionOptions.MAX_RECORD_SIZE).getBytes();
    long taken = entry.map(limit -> Long.parseLong(limit.value())).orElse(wanted);
    return taken < wanted
        ? options.with(DetectionOptions.MAX_RECORD_SIZE, new MemorySize(taken))
        : options;
  }

  /** A topic that was just created is known to a broker a little later. */
  private static void awaitKnown(Admin admin, String topic) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (true) {
      try {
        get(admin.describeTopics(List.of(topic)).allTopicNames(), "describe " + topic);
        return;
      } catch (IllegalStateException e) {
        if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }

  private static <T> T get(KafkaFuture<T> future, String what) {
    try {
      return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka did not " + what + ": " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("Kafka did not " + what + " in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
