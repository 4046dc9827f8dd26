package dev.tidewatch.ruletest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The correlations and patterns we ship give the episodes that their streams ask for. */
class StarterStreamsTest {
  @Test
  void everyStreamOfTheStarterPackPasses() {
    RuleTestReport report = RuleTestSuite.run(List.of(Path.of("rules")));
    assertThat(report.streams()).isGreaterThanOrEqualTo(6);
    assertThat(report.files())
        .allSatisfy(
            file ->
                assertThat(file.streams())
                    .as(file.file())
                    .allSatisfy(
                        stream -> assertThat(stream.failure()).as(stream.test().name()).isEmpty()));
  }
}
