package dev.tidewatch.agent.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.agent.release.TestPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpdateLoopTest {
  @TempDir Path directory;
  private final AtomicInteger restarts = new AtomicInteger();
  private TestPublisher publisher;
  private Path home;
  private InstalledVersions installed;

  @BeforeEach
  void install() throws Exception {
    publisher = new TestPublisher(directory);
    home = directory.resolve("home");
    installed = new InstalledVersions(home);
    Files.createDirectories(installed.jar("1.0").getParent());
    Files.copy(publisher.release("1.0", 1), installed.jar("1.0"));
    active("1.0", 0);
    publisher.trustedIn(home.resolve("tuf"));
  }

  private void active(String current, int trial) throws IOException {
    Files.writeString(home.resolve("active"), new ActiveVersion(current, "0.9", trial).text());
  }

  private UpdateLoop loop(boolean enabled, Duration healthyAfter) {
    return new UpdateLoop(
        Optional.of(new UpdateLoop.Started(installed, "1.0")),
        new UpdateOptions(
            enabled,
            "",
            "stable",
            Duration.ofMillis(20),
            1 << 20,
            Duration.ofHours(1),
            healthyAfter),
        new UpdateLoop.Surroundings("a", () -> publisher::open, restarts::incrementAndGet),
        publisher.clock());
  }

  @Test
  void looksUntilThereIsANewerVersionAndThenAsksForARestart() throws Exception {
    try (UpdateLoop loop = loop(true, Duration.ZERO)) {
      loop.start();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> loop.status().lastCheck().equals(publisher.clock().instant()));
      assertThat(loop.status().available()).isEmpty();
      assertThat(loop.status().lastError()).isEmpty();
      publisher.release("1.1", 2);
      await().atMost(Duration.ofSeconds(30)).until(() -> restarts.get() == 1);
      assertThat(loop.status().available()).isEqualTo("1.1");
      assertThat(loop.status().current()).isEqualTo("1.0");
      assertThat(installed.active()).isEqualTo(new ActiveVersion("1.1", "1.0", 3600));
      // This process is the old one: neither may it confirm the new version, nor look for another.
      loop.alive(true);
      assertThat(installed.active().trialSeconds()).isEqualTo(3600);
      publisher.release("1.2", 3);
      assertThat(loop.check()).isTrue();
      assertThat(restarts).hasValue(2);
      assertThat(installed.active().current()).isEqualTo("1.1");
    }
  }

  @Test
  void saysWhatWentWrongAndGoesOn() throws Exception {
    publisher.release("1.1", 2);
    byte[] right = publisher.bytes("timestamp.json");
    publisher.replaced.put("timestamp.json", "<html>".getBytes());
    try (UpdateLoop loop = loop(true, Duration.ZERO)) {
      assertThat(loop.check()).isFalse();
      assertThat(loop.status().lastError()).startsWith("MALFORMED: timestamp.json");
      publisher.replaced.put("timestamp.json", right);
      assertThat(loop.check()).isTrue();
      assertThat(loop.status().lastError()).isEmpty();
    }
  }

  @Test
  void aVersionOnTrialIsConfirmedByAConnectionAndTakesNoOther() throws Exception {
    active("1.0", 900);
    publisher.release("1.1", 2);
    try (UpdateLoop loop = loop(true, Duration.ZERO)) {
      assertThat(loop.status().onTrial()).isTrue();
      loop.alive(false);
      assertThat(installed.active().trialSeconds()).isEqualTo(900);
      assertThat(loop.check()).as("on trial").isFalse();
      loop.alive(true);
      assertThat(installed.active()).isEqualTo(new ActiveVersion("1.0", "0.9", 0));
      assertThat(loop.status().onTrial()).isFalse();
      assertThat(loop.check()).isTrue();
    }
  }

  @Test
  void aVersionThatRunsLongEnoughIsHealthyToo() throws Exception {
    active("1.0", 900);
    try (UpdateLoop loop = loop(false, Duration.ofNanos(1))) {
      loop.alive(false);
      assertThat(installed.active().trialSeconds()).isZero();
    }
  }

  @Test
  void withoutLauncherOrSwitchedOffThereAreNone() throws Exception {
    try (UpdateLoop loop = loop(false, Duration.ZERO)) {
      loop.start();
      assertThat(loop.status().lastError()).isEqualTo("switched off");
    }
    UpdateLoop none =
        new UpdateLoop(
            Optional.empty(),
            new UpdateOptions(
                true, "", "stable", Duration.ofMillis(1), 1, Duration.ofHours(1), Duration.ZERO),
            new UpdateLoop.Surroundings("a", () -> publisher::open, restarts::incrementAndGet),
            publisher.clock());
    none.start();
    none.alive(true);
    assertThat(none.status().lastError()).isEqualTo("not started by the launcher");
  }
}
