package dev.tidewatch.agent.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with shell scripts for agents: a version's jar is what it does. */
class LaunchScriptTest {
  private static final Path SCRIPT = Path.of("src/main/packaging/launch.sh").toAbsolutePath();
  private static final String RUN = "echo $$ > $H/pid; trap 'exit 0' TERM; sleep 60 & wait $!";

  @TempDir Path directory;
  private Path home;
  private Process launcher;

  @BeforeEach
  void install() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no shell");
    home = Files.createDirectories(directory.resolve("home"));
    // Called as java FLAGS -jar JAR run --home HOME --started VERSION OPTIONS.
    Path java = directory.resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        while [ "$1" != -jar ]; do shift; done
        H=%s
        echo "$@" >> $H/starts
        jar=$2
        shift 2
        . "$jar"
        """
            .formatted(home));
    assertThat(java.toFile().setExecutable(true)).isTrue();
  }

  @AfterEach
  void stop() throws Exception {
    if (launcher != null && launcher.isAlive()) {
      launcher.destroy();
      assertThat(launcher.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void version(String version, String does) throws IOException {
    Path jar = home.resolve("versions/" + version + "/agent.jar");
    Files.createDirectories(jar.getParent());
    Files.writeString(jar, does + "\n");
  }

  private void active(String current, String previous, int trial) throws IOException {
    Files.writeString(home.resolve("active"), new ActiveVersion(current, previous, trial).text());
  }

  private void launch() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", SCRIPT.toString(), "--state", "/some where")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile());
    builder.environment().put("TIDEWATCH_AGENT_HOME", home.toString());
    builder.environment().put("TIDEWATCH_AGENT_JAVA", directory.resolve("java").toString());
    builder.environment().put("TIDEWATCH_AGENT_PAUSE", "0.1");
    builder.environment().put("TIDEWATCH_AGENT_GRACE", "2");
    launcher = builder.start();
  }

  private ActiveVersion active() throws IOException {
    return new InstalledVersions(home).active();
  }

  private List<String> starts() throws IOException {
    Path starts = home.resolve("starts");
    return Files.exists(starts) ? Files.readAllLines(starts) : List.of();
  }

  private void awaitStart(String version) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> starts().stream().anyMatch(line -> line.contains("--started " + version)));
  }

  private void awaitActive(ActiveVersion expected) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(active()).isEqualTo(expected));
  }

  @Test
  void startsTheActiveVersionWithItsOptionsAndEndsItWhenTold() throws Exception {
    version("1.0", RUN);
    active("1.0", "", 0);
    launch();
    await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(home.resolve("pid")));
    assertThat(starts())
        .containsExactly(
            "-jar %s/versions/1.0/agent.jar run --home %s --started 1.0 --state /some where"
                .formatted(home, home));
    long pid = Long.parseLong(Files.readString(home.resolve("pid")).strip());
    launcher.destroy();
    assertThat(launcher.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(launcher.exitValue()).isZero();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(active()).isEqualTo(new ActiveVersion("1.0", "", 0));
  }

  @Test
  void startsAgainWhatEnded() throws Exception {
    version("1.0", "exit 3");
    active("1.0", "", 0);
    launch();
    await().atMost(Duration.ofSeconds(20)).until(() -> starts().size() >= 3);
    assertThat(home.resolve("bad")).doesNotExist();
  }

  @Test
  void startsTheVersionThatAnUpdateLeft() throws Exception {
    version("1.0", "printf 'current=1.1\\nprevious=1.0\\ntrial=60\\n' > $H/active; exit 75");
    version("1.1", "printf 'current=1.1\\nprevious=1.0\\ntrial=0\\n' > $H/active; " + RUN);
    active("1.0", "", 0);
    launch();
    await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(home.resolve("pid")));
    assertThat(active()).isEqualTo(new ActiveVersion("1.1", "1.0", 0));
    assertThat(starts()).hasSize(2);
    await().atMost(Duration.ofSeconds(30)).until(() -> !Files.exists(home.resolve("tries")));
    assertThat(home.resolve("bad")).doesNotExist();
  }

  @Test
  void goesBackWhenANewVersionEnds() throws Exception {
    version("1.0", RUN);
    version("1.1", "exit 1");
    active("1.1", "1.0", 60);
    launch();
    awaitStart("1.0");
    awaitActive(new ActiveVersion("1.0", "", 0));
    assertThat(home.resolve("bad")).hasContent("1.1");
    assertThat(new InstalledVersions(home).bad()).containsExactly("1.1");
  }

  @Test
  void goesBackWhenANewVersionHangs() throws Exception {
    version("1.0", RUN);
    // Deaf to SIGTERM.
    version("1.1", "trap '' TERM; echo $$ > $H/hanging; while :; do sleep 1; done");
    active("1.1", "1.0", 1);
    launch();
    awaitStart("1.0");
    assertThat(home.resolve("bad")).hasContent("1.1");
    long pid = Long.parseLong(Files.readString(home.resolve("hanging")).strip());
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  /** The machine goes down each time before the version is confirmed. */
  @Test
  void goesBackAfterThreeStarts() throws Exception {
    version("1.0", RUN);
    version("1.1", RUN);
    active("1.1", "1.0", 600);
    Files.writeString(home.resolve("tries"), "2\n");
    launch();
    awaitStart("1.1");
    await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(home.resolve("pid")));
    // As a power cut: launcher and agent at once, with nothing written.
    launcher.toHandle().destroyForcibly();
    ProcessHandle.of(Long.parseLong(Files.readString(home.resolve("pid")).strip()))
        .ifPresent(ProcessHandle::destroyForcibly);
    assertThat(launcher.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(active()).isEqualTo(new ActiveVersion("1.1", "1.0", 600));
    launch();
    awaitStart("1.0");
    awaitActive(new ActiveVersion("1.0", "", 0));
  }

  @Test
  void goesBackWhenTheNewVersionIsGone() throws Exception {
    version("1.0", RUN);
    active("1.1", "1.0", 0);
    launch();
    awaitStart("1.0");
  }

  @Test
  void staysWhenThereIsNothingToGoBackTo() throws Exception {
    version("1.1", "exit 1");
    active("1.1", "1.0", 60);
    launch();
    await().atMost(Duration.ofSeconds(20)).until(() -> starts().size() >= 3);
    assertThat(home.resolve("bad")).doesNotExist();
    assertThat(active()).isEqualTo(new ActiveVersion("1.1", "", 0));
  }

  @Test
  void saysWhatIsWrongWithItsHome() throws Exception {
    for (String text : List.of("", "current=../../tmp\n", "current=1.0\nprevious=\ntrial=x\n")) {
      Files.writeString(home.resolve("active"), text);
      launch();
      assertThat(launcher.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(launcher.exitValue()).isEqualTo(4);
      assertThat(directory.resolve("log")).content().contains("write current=VERSION into it");
    }
  }
}
