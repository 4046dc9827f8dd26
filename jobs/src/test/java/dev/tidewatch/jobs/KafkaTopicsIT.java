package dev.tidewatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.jobs.options.DetectionOptions;
import java.util.Map;
import org.apache.flink.configuration.MemorySize;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KafkaTopicsIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  private Pipeline pipeline;
  private DetectionOptions options;

  @BeforeEach
  void start() throws Exception {
    pipeline = new Pipeline(KAFKA.bootstrapServers(), "http://localhost:1");
    options = pipeline.options();
  }

  @AfterEach
  void stop() {
    pipeline.close();
  }

  @Test
  void missingTopicsAreCreatedLargeEnough() throws Exception {
    DetectionOptions prepared = KafkaTopics.prepare(options);

    assertThat(prepared.get(DetectionOptions.MAX_RECORD_SIZE))
        .isEqualTo(options.get(DetectionOptions.MAX_RECORD_SIZE));
    try (Admin admin = Admin.create(options.kafkaProperties())) {
      assertThat(admin.listTopics().names().get())
          .contains(
              options.get(DetectionOptions.TELEMETRY_TOPIC),
              options.get(DetectionOptions.ALERTS_TOPIC),
              options.get(DetectionOptions.DEAD_LETTER_TOPIC));
      String telemetry = options.get(DetectionOptions.TELEMETRY_TOPIC);
      assertThat(
              admin
                  .describeTopics(java.util.List.of(telemetry))
                  .allTopicNames()
                  .get()
                  .get(telemetry))
          .satisfies(topic -> assertThat(topic.partitions()).hasSize(2));
    }
  }

  @Test
  void missingTopicsAreNamedWhereTheyMustNotBeCreated() {
    DetectionOptions noCreating = options.with(DetectionOptions.CREATE_TOPICS, false);

    assertThatThrownBy(() -> KafkaTopics.prepare(noCreating))
        .hasMessageContainingAll(
            options.get(DetectionOptions.TELEMETRY_TOPIC), "tidewatch.kafka.create-topics");
  }

  @Test
  void deadLettersFitTheirTopic() {
    KAFKA
        .kafka()
        .createTopic(
            options.get(DetectionOptions.DEAD_LETTER_TOPIC),
            1,
            Map.of("max.message.bytes", "300000"));

    assertThat(KafkaTopics.prepare(options).get(DetectionOptions.MAX_RECORD_SIZE))
        .isEqualTo(new MemorySize(300_000));
  }
}
