package dev.tidewatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.jobs.options.DetectionOptions;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
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

  /** What every event passes; only matches of stateful rules and their alerts are shuffled. */
  @Test
  void everythingUpToMatchAndItsSinksIsOneChain() throws Exception {
    JobGraph graph = graph(configuration());

    assertThat(graph.getVerticesSortedTopologicallyFromSources())
        .extracting(JobVertex::getName)
        .satisfiesExactlyInAnyOrder(
            name ->
                assertThat(name)
                    .contains(
                        "telemetry",
                        "match",
                        "events to ClickHouse",
                        "alerts to ClickHouse",
                        "alerts to Kafka",
                        "dead letters to ClickHouse",
                        "dead letters to Kafka"),
            name -> assertThat(name).isEqualTo("remember 1"),
            name -> assertThat(name).isEqualTo("remember 2"),
            name -> assertThat(name).isEqualTo("remember 3"),
            name ->
                assertThat(name)
                    .contains("rate ceiling", "episodes to ClickHouse", "episodes to Kafka"),
            name -> assertThat(name).contains("late matches to Kafka"));
    assertThat(graph.getVertices()).allSatisfy(v -> assertThat(v.getParallelism()).isEqualTo(2));
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
            "dead-letters-kafka",
            "remember-1",
            "remember-2",
            "remember-3",
            "rate-ceiling",
            "episodes-clickhouse",
            "episodes-kafka",
            "late-matches-kafka");
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
