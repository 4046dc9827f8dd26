package dev.tidewatch.control.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.control.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignInLimitsTest {
  private final ManualClock clock = new ManualClock();
  private final SignInLimits limits = new SignInLimits(clock);

  @Test
  void oneNameHasTenAttemptsAndThenOneEverySixSeconds() {
    assertThat(allowed("ada", "192.0.2.1", 12)).isEqualTo(10);
    clock.advance(Duration.ofSeconds(6));
    assertThat(allowed("ada", "192.0.2.1", 2)).isEqualTo(1);
  }

  @Test
  void guessesAtOneNameDoNotLockOutItsNeighbours() {
    allowed("victim", "192.0.2.1", 50);
    assertThat(limits.allows("ada", "192.0.2.1")).isTrue();
  }

  @Test
  void manyNamesFromOneAddressEndToo() {
    int allowed = 0;
    for (int name = 0; name < 200; name++) {
      allowed += allowed("user" + name, "192.0.2.1", 1);
    }
    assertThat(allowed).isEqualTo(100);
    assertThat(limits.allows("ada", "192.0.2.2")).isTrue();
  }

  private int allowed(String name, String address, int attempts) {
    int allowed = 0;
    for (int attempt = 0; attempt < attempts; attempt++) {
      allowed += limits.allows(name, address) ? 1 : 0;
    }
    return allowed;
  }
}
