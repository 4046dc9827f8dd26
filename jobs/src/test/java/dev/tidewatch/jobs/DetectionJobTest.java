package dev.tidewatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.jobs.options.DetectionOptions;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class DetectionJobTest {
  private static Configuration configuration() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(DetectionOptions.BOOTSTRAP_SERVERS, "localhost:1");
    configuration.set(DetectionOptions.CLICKHOUSE_URL, "http://localhost:1");
    configuration.set(DetectionOptions.PARALLELISM, 2);
    configuration.set(DetectionOptions.RULE_PATHS, List.of(Pipeline.rules().toString()));
    return configuration;
  }

  private static JobGraph graph(Configuration configuration) {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    DetectionJob.define(env, DetectionOptions.from(configuration));
    return env.getStreamGraph().getJobGraph();
  }

  @Test
  void everythingIsOneChainSoThatNothingIsSerialized() throws Exception {
    JobGraph graph = graph(configuration());

    assertThat(graph.getNumberOfVertices()).isEqualTo(1);
    assertThat(graph.getVertices().iterator().next().getParallelism()).isEqualTo(2);
  }

  /** Uids are how state is found in checkpoints: this list may grow, but not change. */
  @Test
  void operatorsKeepTheirUids() throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    DetectionJob.define(env, DetectionOptions.from(configuration()));

    assertThat(env.getStreamGraph().getStreamNodes())
        .extracting(node -> node.getTransformationUID())
        .contains(
            "telemetry-source",
            "match",
            "events-clickhouse",
            "alerts-clickhouse",
            "alerts-kafka",
            "dead-letters-clickhouse",
            "dead-letters-kafka");
  }

  @Test
  void aMissingRulePathIsNamed() throws Exception {
    Configuration configuration = configuration();
    configuration.set(DetectionOptions.RULE_PATHS, List.of("no/such/directory"));

    assertThatThrownBy(() -> RulePublication.read(DetectionOptions.from(configuration)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("tidewatch.rules.paths", "no/such/directory");
  }
}
