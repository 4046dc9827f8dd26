package dev.tidewatch.control.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.control.pipeline.WatchedProbe.Outcome;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchedProbeTest {
  @Test
  void aProbeThatHangsIsReportedAndNotAskedTwice() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    Probe<Integer> hangs =
        () -> {
          released.await();
          return asked.incrementAndGet();
        };
    try (WatchedProbe<Integer> probe = new WatchedProbe<>("x", hangs, Duration.ofMillis(50))) {
      assertThat(look(probe).failure()).isEqualTo("no answer within 50 ms");
      assertThat(look(probe).reading()).isEmpty();
      released.countDown();
      Outcome<Integer> late = look(probe);
      assertThat(late.reading().orElse(0)).isLessThanOrEqualTo(1);
    }
    assertThat(asked.get()).isLessThanOrEqualTo(1);
  }

  @Test
  void failuresAreSentencesWithoutInternals() throws Exception {
    Probe<Integer> expected =
        () -> {
          throw new ProbeFailedException("Kafka does not answer", null);
        };
    Probe<Integer> unexpected =
        () -> {
          throw new IllegalStateException("password");
        };
    try (WatchedProbe<Integer> probe = new WatchedProbe<>("x", expected, Duration.ofSeconds(5))) {
      assertThat(look(probe).failure()).isEqualTo("Kafka does not answer");
      assertThat(look(probe).failure()).isEqualTo("Kafka does not answer");
    }
    try (WatchedProbe<Integer> probe = new WatchedProbe<>("x", unexpected, Duration.ofSeconds(5))) {
      assertThat(look(probe).failure()).doesNotContain("password");
    }
  }

  private static Outcome<Integer> look(WatchedProbe<Integer> probe) throws InterruptedException {
    probe.begin();
    return probe.outcome();
  }
}
