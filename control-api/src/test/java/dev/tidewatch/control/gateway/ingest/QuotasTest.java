package dev.tidewatch.control.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QuotasTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Quotas quotas =
      new Quotas(
          tenant ->
              tenant.equals("free")
                  ? Quota.UNLIMITED
                  : new Quota(100, 10_000, Duration.ofSeconds(2)),
          nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void aBurstIsFreeAndDebtIsPaidAtTheRate() {
    assertThat(quotas.charge("a", 200, 0)).isZero();
    assertThat(quotas.charge("a", 50, 0)).isEqualTo(Duration.ofMillis(500));
    pass(Duration.ofMillis(500));
    assertThat(quotas.charge("a", 0, 0)).isZero();
    assertThat(quotas.charge("a", 1, 0)).isEqualTo(Duration.ofMillis(10));
  }

  @Test
  void bytesCountToo() {
    assertThat(quotas.charge("a", 1, 30_000)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void whoIsInDebtIsNotAdmittedAndNotCharged() {
    assertThat(quotas.admit("a", 300, 0)).isZero();
    assertThat(quotas.admit("a", 300, 0)).isEqualTo(Duration.ofSeconds(1));
    assertThat(quotas.admit("a", 300, 0)).isEqualTo(Duration.ofSeconds(1));
    pass(Duration.ofSeconds(1));
    assertThat(quotas.admit("a", 1, 0)).isZero();
    assertThat(quotas.admit("b", 1, 0)).isZero();
  }

  @Test
  void overTimeNobodyGetsMoreThanTheRate() {
    long taken = 0;
    for (int i = 0; i < 10_000; i++) {
      if (quotas.admit("a", 7, 0).isZero()) {
        taken += 7;
      }
      pass(Duration.ofMillis(10));
    }
    assertThat(taken).isBetween(9_990L, 10_000L + 200 + 7);
  }

  @Test
  void noLimitIsNoLimit() {
    assertThat(quotas.charge("free", 1L << 50, 1L << 50)).isZero();
  }
}
