package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.benchmarks.chaos.ChaosOptions;
import dev.tidewatch.benchmarks.chaos.ChaosReport;
import dev.tidewatch.benchmarks.chaos.ChaosRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Five rounds of {@code tidewatch chaos}, each with other events and faults. Nightly: it takes ten
 * minutes.
 */
@EnabledIfSystemProperty(named = "tidewatch.nightly", matches = "true")
class ChaosIT {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"11,hashmap", "12,rocksdb", "13,hashmap", "14,rocksdb", "15,hashmap"})
  void everyAlertIsThereOnce(long seed, String stateBackend) throws IOException {
    ChaosOptions options =
        new ChaosOptions(directory, Duration.ofMinutes(1), 1_000, seed, stateBackend);

    ChaosReport report = new ChaosRun(options, line -> {}).run();

    assertThat(report.isExact()).as("%s", report).isTrue();
    assertThat(report.kills()).hasSizeGreaterThanOrEqualTo(4);
    assertThat(report.referenceAlerts()).hasSize(4);
  }
}
