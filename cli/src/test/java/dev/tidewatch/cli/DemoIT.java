package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The main job on the bundled scenario, through every real part. */
class DemoIT {
  @Test
  void onceRaisesTheExpectedAlertsAndNoOthers() {
    CommandRun run = CommandRun.of("demo", "--once");

    assertThat(run.out()).contains("as expected").doesNotContain("not as expected");
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(run.out()).contains("Encoded PowerShell started by Office");
  }
}
