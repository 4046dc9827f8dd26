package dev.tidewatch.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.control.request.Admission;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.store.ClickHouseEndpoint;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ControlOptionsTest {
  private static final Compilation NONE = new SigmaCompiler().compile(List.of());

  @Test
  void defaultsAreTheseOnLoopback() {
    ControlOptions options = builder("localhost:9092").build();
    assertThat(options.bindAddress()).isEqualTo("127.0.0.1");
    assertThat(options.port()).isZero();
    assertThat(options.allowedHosts()).isEmpty();
    assertThat(options.consumerGroup()).isEqualTo("tidewatch-detection");
    assertThat(options.flinkRest()).isEmpty();
    assertThat(options.consoleAssets()).isEmpty();
    assertThat(options.sampleInterval()).isEqualTo(Duration.ofSeconds(3));
    assertThat(options.requestTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(options.maxConnections()).isEqualTo(1024);
    assertThat(options.readings().atOnce()).isGreaterThanOrEqualTo(4);
    assertThat(options.readings().waiting()).isEqualTo(32);
    assertThat(options.readings().longestWait()).isEqualTo(Duration.ofSeconds(2));
    assertThat(options.clock()).isEqualTo(Clock.systemUTC());
  }

  @Test
  void everythingWrongIsSaidAtOnceByKey() {
    ControlOptions.Builder wrong =
        builder("broker")
            .bindAddress(" ")
            .port(70_000)
            .allowedHosts(Set.of("http://x/"))
            .consumerGroup("")
            .flinkRest(URI.create("ftp://flink"))
            .consoleAssets(Path.of("/nowhere/at/all"))
            .sampleInterval(Duration.ZERO)
            .requestTimeout(Duration.ofHours(1))
            .tls(new TlsOptions(Path.of("/no/cert"), Path.of("/no/key"), Optional.empty()))
            .maxConnections(0)
            .readings(new Admission.Limits(0, 61, Duration.ofMinutes(2)));
    assertThatThrownBy(wrong::build)
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(
            failure ->
                assertThat(failure.getMessage().lines())
                    .extracting(line -> line.substring(0, line.indexOf(':')))
                    .containsExactly(
                        "control.bind-address",
                        "control.port",
                        "control.allowed-hosts",
                        "control.kafka.bootstrap-servers",
                        "control.kafka.consumer-group",
                        "control.flink-rest",
                        "control.console-assets",
                        "control.sample-interval",
                        "control.request-timeout",
                        "control.max-connections",
                        "control.readings.at-once",
                        "control.readings.waiting",
                        "control.readings.longest-wait",
                        "control.authentication",
                        "control.tls",
                        "control.tls"));
  }

  @Test
  void whoIsLetInMustBeSaid() {
    ControlOptions.Builder silent =
        ControlOptions.builder(
            ClickHouseEndpoint.of("http://127.0.0.1:8123"), "localhost:9092", () -> NONE);
    assertThatThrownBy(silent::build).hasMessageContaining("control.authentication");
    assertThatThrownBy(builder("localhost:9092").bindAddress("0.0.0.0")::build)
        .hasMessageContaining("control.authentication");
  }

  private static ControlOptions.Builder builder(String kafka) {
    return ControlOptions.builder(ClickHouseEndpoint.of("http://127.0.0.1:8123"), kafka, () -> NONE)
        .access(AccessOptions.open());
  }
}
