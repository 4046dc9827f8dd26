package dev.tidewatch.jobs.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetectionOptionsTest {
  private static final Map<String, String> LEAST =
      Map.of(
          "tidewatch.kafka.bootstrap-servers", "localhost:9092",
          "tidewatch.clickhouse.url", "http://localhost:8123",
          "tidewatch.rules.paths", "rules/windows;rules/linux");

  private static Configuration least() {
    return Configuration.fromMap(LEAST);
  }

  @Test
  void defaultsAreWhatTheReferenceSays() {
    DetectionOptions options = DetectionOptions.from(least());

    assertThat(options.get(DetectionOptions.TELEMETRY_TOPIC)).isEqualTo("telemetry");
    assertThat(options.get(DetectionOptions.ALERTS_TOPIC)).isEqualTo("alerts");
    assertThat(options.get(DetectionOptions.DEAD_LETTER_TOPIC)).isEqualTo("telemetry.dead");
    assertThat(options.get(DetectionOptions.STARTING_OFFSETS)).isEqualTo(StartingOffsets.COMMITTED);
    assertThat(options.get(DetectionOptions.CHECKPOINT_INTERVAL)).isEqualTo(Duration.ofSeconds(5));
    assertThat(options.get(DetectionOptions.EVENTS_BATCH_ROWS)).isEqualTo(5_000);
    assertThat(options.get(DetectionOptions.ALERTS_FLUSH_INTERVAL))
        .isLessThanOrEqualTo(Duration.ofMillis(100));
    assertThat(options.getOptional(DetectionOptions.PARALLELISM)).isEmpty();
    assertThat(options.clickHouse().database()).isEqualTo("tidewatch");
    assertThat(options.rulePaths())
        .containsExactly(Path.of("rules/windows"), Path.of("rules/linux"));
  }

  @Test
  void whatMustBeGivenIsNamedAllAtOnce() {
    InvalidOptionsException refused =
        catchThrowableOfType(
            InvalidOptionsException.class, () -> DetectionOptions.from(new Configuration()));

    assertThat(refused.problems())
        .hasSize(2)
        .anyMatch(p -> p.startsWith("tidewatch.kafka.bootstrap-servers: must be given"))
        .anyMatch(p -> p.startsWith("tidewatch.clickhouse.url: must be given"));
  }

  @ParameterizedTest
  @CsvSource({
    "tidewatch.kafka.bootstrap-servers, localhost",
    "tidewatch.kafka.telemetry-topic, no spaces please",
    "tidewatch.kafka.starting-offsets, sometime",
    "tidewatch.kafka.partitions, 0",
    "tidewatch.clickhouse.url, localhost:8123",
    "tidewatch.clickhouse.database, drop table",
    "tidewatch.store.events.batch-rows, many",
    "tidewatch.store.events.batch-rows, 0",
    "tidewatch.store.events.batch-size, 1 b",
    "tidewatch.store.alerts.flush-interval, 0 ms",
    "tidewatch.checkpoint.interval, soon",
    "tidewatch.parallelism, -1",
    "tidewatch.kafka.create-topics, perhaps",
  })
  void aValueOutOfBoundsNamesItsKey(String key, String value) {
    Configuration configuration = least();
    configuration.setString(key, value);

    assertThatThrownBy(() -> DetectionOptions.from(configuration))
        .isInstanceOf(InvalidOptionsException.class)
        .hasMessageStartingWith(key + ": ");
  }

  @Test
  void anUnknownKeyIsAnErrorAndOtherPeoplesKeysAreNot() {
    Configuration configuration = least();
    configuration.setString("tidewatch.kafka.bootstrap-server", "localhost:9092");
    configuration.setString("parallelism.default", "2");

    assertThatThrownBy(() -> DetectionOptions.from(configuration))
        .hasMessage("tidewatch.kafka.bootstrap-server: there is no such option");
  }

  @Test
  void kafkaPropertiesReachEveryClient() {
    Configuration configuration = least();
    configuration.setString("tidewatch.kafka.properties.security.protocol", "SASL_SSL");

    assertThat(DetectionOptions.from(configuration).kafkaProperties())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("bootstrap.servers", "localhost:9092");
  }

  @Test
  void optionsThatContradictEachOtherAreRefused() {
    Configuration configuration = least();
    configuration.set(DetectionOptions.CHECKPOINT_TIMEOUT, Duration.ofSeconds(2));
    configuration.set(DetectionOptions.DEAD_LETTER_TOPIC, "alerts");

    InvalidOptionsException refused =
        catchThrowableOfType(
            InvalidOptionsException.class, () -> DetectionOptions.from(configuration));

    assertThat(refused.problems())
        .hasSize(2)
        .anyMatch(p -> p.startsWith("tidewatch.checkpoint.timeout: must not be less than"))
        .anyMatch(p -> p.endsWith("must be different topics"));
  }

  @Test
  void aChangedOptionIsCheckedToo() {
    DetectionOptions options = DetectionOptions.from(least());

    assertThat(
            options
                .with(DetectionOptions.MAX_RECORD_SIZE, MemorySize.ofMebiBytes(1))
                .get(DetectionOptions.MAX_RECORD_SIZE))
        .isEqualTo(MemorySize.ofMebiBytes(1));
    assertThatThrownBy(() -> options.with(DetectionOptions.TOPIC_PARTITIONS, 0))
        .hasMessageStartingWith("tidewatch.kafka.partitions: must lie between");
  }
}
