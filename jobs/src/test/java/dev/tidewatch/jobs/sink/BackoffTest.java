package dev.tidewatch.jobs.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void pausesDoubleUpToTheLimitWithJitterInTheUpperHalf() {
    Backoff backoff =
        new Backoff(Duration.ofMillis(100), Duration.ofMillis(800), new SplittableRandom(7));

    for (long bound : new long[] {100, 200, 400, 800, 800, 800}) {
      assertThat(backoff.next().toMillis()).isBetween(bound / 2, bound);
    }
  }

  @Test
  void beginsAnewAfterReset() {
    Backoff backoff =
        new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10), new SplittableRandom(7));
    for (int i = 0; i < 8; i++) {
      assertThat(backoff.next()).isPositive();
    }

    backoff.reset();

    assertThat(backoff.next().toMillis()).isLessThanOrEqualTo(100);
  }
}
