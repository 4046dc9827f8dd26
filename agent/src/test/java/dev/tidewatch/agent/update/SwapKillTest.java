package dev.tidewatch.agent.update;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that dies after each step of a swap: the old version is active or the new one, whole.
 */
class SwapKillTest {
  private static final String OLD = "the old jar";
  private static final String NEW = "the new jar";

  @TempDir Path directory;

  /** The child: swaps and halts after the given step. */
  public static void main(String[] args) throws IOException {
    swap(
        Path.of(args[0]),
        step -> {
          if (step.equals(args[1])) {
            // As a kill -9: no hooks, nothing is closed.
            Runtime.getRuntime().halt(137);
          }
        });
  }

  private static void swap(Path home, InstalledVersions.Steps steps) throws IOException {
    InstalledVersions versions = new InstalledVersions(home, steps);
    Path unused = versions.prepare();
    Files.writeString(versions.incomingJar(), NEW);
    versions.activate(new AgentVersion("1.1"), 60);
  }

  private Path home(String name) throws IOException {
    Path home = directory.resolve(name);
    for (String version : List.of("0.9", "1.0")) {
      Path jar = home.resolve("versions/" + version + "/agent.jar");
      Files.createDirectories(jar.getParent());
      Files.writeString(jar, OLD);
    }
    Files.writeString(home.resolve("active"), "current=1.0\nprevious=0.9\ntrial=0\n");
    return home;
  }

  @Test
  void leavesTheOldVersionOrTheNewOne() throws Exception {
    List<String> steps = new ArrayList<>();
    swap(home("all"), steps::add);
    assertThat(steps)
        .as("each file is forced before its name counts, and each directory after")
        .containsExactly(
            "jar forced",
            "remains deleted",
            "version in place",
            "versions forced",
            "active written",
            "active forced",
            "active replaced",
            "home forced",
            "old version deleted");
    int after = steps.indexOf("active replaced");
    for (int i = 0; i < steps.size(); i++) {
      Path home = home("step-" + i);
      assertThat(kill(home, steps.get(i))).isEqualTo(137);
      ActiveVersion active = new InstalledVersions(home).active();
      assertThat(active)
          .as("killed after: " + steps.get(i))
          .isEqualTo(
              i < after ? new ActiveVersion("1.0", "0.9", 0) : new ActiveVersion("1.1", "1.0", 60));
      assertThat(home.resolve("versions/" + active.current() + "/agent.jar"))
          .hasContent(i < after ? OLD : NEW);
      assertThat(home.resolve("versions/" + active.previous() + "/agent.jar")).exists();
      if (i < after) {
        swap(home, step -> {});
        assertThat(new InstalledVersions(home).active())
            .isEqualTo(new ActiveVersion("1.1", "1.0", 60));
        assertThat(home.resolve("versions/1.1/agent.jar")).hasContent(NEW);
      }
    }
  }

  private static int kill(Path home, String step) throws IOException, InterruptedException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            SwapKillTest.class.getName(),
            home.toString(),
            step)
        .inheritIO()
        .start()
        .waitFor();
  }
}
