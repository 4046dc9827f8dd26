package dev.tidewatch.benchmarks.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewatch.sigma.SigmaCompiler;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark, small: what it asks is answered, and it counts what it has made. */
class ControlBenchmarkIT {
  @TempDir Path directory;

  @Test
  void measuresSearchesAndLoad() throws Exception {
    JsonNode report =
        new ControlBenchmark(
                new ControlBenchmark.Settings(
                    3_000, 300, 1, 10, 2, 1L << 30, new SigmaCompiler().compile(List.of())),
                line -> {})
            .run(directory);

    assertThat(report.path("alerts").asLong()).isEqualTo(3_000);
    assertThat(report.path("triage_states").asLong()).isEqualTo(300);
    assertThat(report.path("search").path("all").path("errors").asInt(-1)).isZero();
    assertThat(report.path("search").path("part of a word").path("p95_ms").asDouble()).isPositive();
    assertThat(report.path("cost").path("list").path("server_and_client_cpu_ms").asDouble())
        .isPositive();
    JsonNode load = report.path("load");
    assertThat(load.path("all_answered").asBoolean()).isTrue();
    assertThat(load.path("all").path("requests").asInt()).isEqualTo(20);
    assertThat(load.path("all").path("errors").asInt(-1)).as(load.toPrettyString()).isZero();
  }
}
