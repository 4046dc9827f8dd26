package dev.tidewatch.jobs.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.junit.jupiter.api.Test;

/**
 * The cluster's {@code flink-conf/config.yaml} means what it says: a misspelt key means nothing.
 */
class ClusterConfigTest {
  private final Configuration configuration =
      GlobalConfiguration.loadConfiguration(Path.of("../flink-conf").toString());

  @Test
  void theJobTakesItsOptions() {
    DetectionOptions options = DetectionOptions.from(configuration);

    assertThat(options.get(DetectionOptions.BOOTSTRAP_SERVERS)).isEqualTo("kafka:9092");
    assertThat(options.get(DetectionOptions.RULE_PATHS)).isEqualTo(List.of("/opt/tidewatch/rules"));
  }

  @Test
  void flinkKnowsTheKeys() {
    assertThat(configuration.get(StateBackendOptions.STATE_BACKEND)).isEqualTo("rocksdb");
    assertThat(configuration.get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS)).isTrue();
    assertThat(configuration.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY)).startsWith("file:");
    assertThat(configuration.get(CheckpointingOptions.SAVEPOINT_DIRECTORY)).startsWith("file:");
    assertThat(configuration.get(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS)).isEqualTo(3);
    assertThat(configuration.get(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION))
        .isEqualTo(ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    assertThat(configuration.get(RestartStrategyOptions.RESTART_STRATEGY))
        .isEqualTo("exponential-delay");
    assertThat(
            configuration.get(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF))
        .hasSeconds(30);
    assertThat(configuration.get(TaskManagerOptions.NUM_TASK_SLOTS)).isEqualTo(2);
    assertThat(configuration.get(TaskManagerOptions.TOTAL_PROCESS_MEMORY))
        .isEqualTo(MemorySize.parse("3g"));
    assertThat(configuration.get(TaskManagerOptions.NETWORK_MEMORY_MAX))
        .isEqualTo(MemorySize.ofMebiBytes(128));
    assertThat(configuration.get(CoreOptions.DEFAULT_PARALLELISM)).isEqualTo(2);
    assertThat(configuration.get(CoreOptions.FLINK_JVM_OPTIONS)).contains("java.base/java.time");
    assertThat(configuration.get(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT)).hasSeconds(15);
    assertThat(configuration.get(WebOptions.SUBMIT_ENABLE)).isFalse();
  }
}
