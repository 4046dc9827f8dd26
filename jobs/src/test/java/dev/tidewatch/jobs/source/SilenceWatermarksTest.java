package dev.tidewatch.jobs.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.api.Test;

class SilenceWatermarksTest {
  private static final long EVENT = 1_000_000;
  private final ManualClock clock = new ManualClock();
  private final Recording output = new Recording();

  private static final class Recording implements WatermarkOutput {
    long newest = Long.MIN_VALUE;
    boolean idle;

    @Override
    public void emitWatermark(Watermark watermark) {
      idle = false;
      newest = Math.max(newest, watermark.getTimestamp());
    }

    @Override
    public void markIdle() {
      idle = true;
    }

    @Override
    public void markActive() {
      idle = false;
    }
  }

  private SilenceWatermarks<String> watermarks(Duration idleAdvance) {
    return new SilenceWatermarks<>(
        Duration.ofSeconds(10), idleAdvance, Duration.ofSeconds(15), clock);
  }

  private void after(Duration time, SilenceWatermarks<String> watermarks) {
    clock.advanceTime(time);
    watermarks.onPeriodicEmit(output);
  }

  @Test
  void theyStayBehindTheNewestEvent() {
    SilenceWatermarks<String> watermarks = watermarks(Duration.ofSeconds(5));
    watermarks.onPeriodicEmit(output);
    assertThat(output.newest).isEqualTo(Long.MIN_VALUE);

    watermarks.onEvent("a", EVENT, output);
    watermarks.onEvent("b", EVENT - 7_000, output);
    watermarks.onPeriodicEmit(output);
    assertThat(output.newest).isEqualTo(EVENT - 10_001);
  }

  @Test
  void silenceIsTimeToo() {
    SilenceWatermarks<String> watermarks = watermarks(Duration.ofSeconds(5));
    watermarks.onEvent("a", EVENT, output);
    watermarks.onPeriodicEmit(output);

    after(Duration.ofSeconds(5), watermarks);
    assertThat(output.newest).isEqualTo(EVENT - 10_001);
    after(Duration.ofSeconds(4), watermarks);
    assertThat(output.newest).isEqualTo(EVENT - 6_001);
    assertThat(output.idle).isFalse();

    watermarks.onEvent("b", EVENT + 1_000, output);
    after(Duration.ofSeconds(1), watermarks);
    assertThat(output.newest).as("never back").isEqualTo(EVENT - 6_001);
    after(Duration.ofSeconds(15), watermarks);
    assertThat(output.idle).isTrue();
    watermarks.onEvent("c", EVENT + 30_000, output);
    after(Duration.ZERO, watermarks);
    assertThat(output.idle).isFalse();
    assertThat(output.newest).isEqualTo(EVENT + 19_999);
  }

  @Test
  void withoutIdleAdvanceTimeWaitsForEvents() {
    SilenceWatermarks<String> watermarks = watermarks(Duration.ZERO);
    watermarks.onEvent("a", EVENT, output);
    watermarks.onPeriodicEmit(output);
    after(Duration.ofSeconds(14), watermarks);
    assertThat(output.newest).isEqualTo(EVENT - 10_001);
    assertThat(output.idle).isFalse();
    after(Duration.ofSeconds(1), watermarks);
    assertThat(output.idle).isTrue();
  }
}
