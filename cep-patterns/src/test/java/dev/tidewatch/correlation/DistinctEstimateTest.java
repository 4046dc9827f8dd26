package dev.tidewatch.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.correlation.Bounds.Operator;
import dev.tidewatch.correlation.CorrelationPlan.Measured;
import dev.tidewatch.remember.EpisodeUpdate;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** More distinct values than are counted exactly (row 27). */
class DistinctEstimateTest {
  private static final long TIMESPAN = 100_000;

  private static GroupDriver atLeast(long values) {
    return new GroupDriver(
        TestRules.of(
            new CorrelationPlan(
                CorrelationType.VALUE_COUNT,
                1,
                List.of("F"),
                new Windowing.Sliding(TIMESPAN),
                new Measured(new Bounds(Map.of(Operator.GTE, BigDecimal.valueOf(values))))),
            0));
  }

  @Test
  void exactUpToTenThousand() {
    GroupDriver driver = atLeast(10_000);
    for (int i = 0; i < 9_999; i++) {
      driver.add(Matches.of(i, 0, "value " + i));
    }
    driver.add(Matches.of(10_000, 0, "value 0"));
    driver.advance(10_500);
    assertThat(driver.updates()).isEmpty();
    driver.add(Matches.of(11_000, 0, "another"));
    assertThat(driver.finish().updates())
        .extracting(EpisodeUpdate::openMicros)
        .containsExactly(11_000L);
    assertThat(driver.overflows()).isEmpty();
  }

  @Test
  void anEstimateBeyondThatIsSaidAndNear() {
    GroupDriver driver = atLeast(30_000);
    for (int i = 0; i < 60_000; i++) {
      driver.add(Matches.of(i, 0, "value " + i));
      if (i == 25_000) {
        driver.restore(driver.bytes());
      }
    }
    driver.advance(60_000);
    assertThat(driver.overflows()).hasSize(1);
    assertThat(driver.updates()).hasSize(1);
    EpisodeUpdate update = driver.updates().get(0);
    assertThat(update.openMicros()).isBetween(28_500L, 31_500L);
    assertThat(update.findings().get(0).value()).startsWith("about ");
    assertThat(driver.state().sizeBytes()).as("bounded").isLessThan(3_000_000);
  }

  @Test
  void countsExactlyAgainOnceThereAreFew() {
    GroupDriver driver = atLeast(10_001);
    for (int i = 0; i < 30_000; i++) {
      driver.add(Matches.of(i, 0, "value " + i));
    }
    // The sample has left, then a whole timespan of few values goes by.
    for (int i = 0; i < 40; i++) {
      driver.add(Matches.of(140_000 + i * 10_000L, 0, "few " + i));
    }
    long from = 600_000;
    for (int i = 0; i < 10_001; i++) {
      driver.add(Matches.of(from + i, 0, "again " + i));
    }
    List<EpisodeUpdate> updates = driver.finish().updates();
    assertThat(updates).hasSize(2);
    EpisodeUpdate last = updates.get(1);
    assertThat(last.openMicros()).as("exact up to here").isBetween(from + 9_990, from + 10_000);
  }
}
