package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script at the root on machines that lack something: one line that says what to install. */
class TidewatchScriptTest {
  /** What every Linux has. */
  private static final List<String> BASE =
      List.of(
          "dirname",
          "readlink",
          "sed",
          "sort",
          "head",
          "tail",
          "find",
          "grep",
          "tee",
          "touch",
          "mkdir",
          "env");

  @TempDir Path bin;

  @BeforeEach
  void baseSystem() throws IOException {
    for (String tool : BASE) {
      Path real = Path.of("/usr/bin", tool);
      assumeTrue(Files.isExecutable(real), () -> "no " + real);
      tool(tool, "exec " + real + " \"$@\"");
    }
  }

  @Test
  void namesAMissingJdk() throws Exception {
    assertEnds(3, "needs a JDK 17 or later and finds no 'java'", "test");
  }

  @Test
  void namesAnOldJdk() throws Exception {
    tool("java", "echo '    java.specification.version = 11' >&2");

    assertEnds(3, "needs a JDK 17 or later;", "test");
  }

  @Test
  void namesMissingMaven() throws Exception {
    jdk();

    assertEnds(3, "needs Maven 3.8.7 or later", "test");
  }

  @Test
  void namesMissingNode() throws Exception {
    jdk();
    tool("mvn", "exit 0");

    assertEnds(3, "needs Node.js 20.19 or later", "test");
  }

  @Test
  void namesAnOldNode() throws Exception {
    jdk();
    tool("mvn", "exit 0");
    tool("npm", "exit 0");
    tool("node", "echo v18.20.0");

    assertEnds(3, "needs Node.js 20.19 or later to build the console; this is 18.20.0", "test");
  }

  @Test
  void runsMavenWhenAllIsThere() throws Exception {
    jdk();
    tool("mvn", "echo \"mvn $*\"");
    tool("npm", "exit 0");
    tool("node", "echo v20.19.0");

    assertEnds(0, "mvn -B verify -q", "test", "-q");
  }

  private void jdk() throws IOException {
    tool("java", "echo '    java.specification.version = 17' >&2");
    tool("javac", "exit 0");
  }

  private void tool(String name, String script) throws IOException {
    Path file = Files.writeString(bin.resolve(name), "#!/bin/bash\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /**
   * Runs the script and holds its exit code and its only line, without the command's name, to what
   * is expected.
   */
  private void assertEnds(int exitCode, String beginning, String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", Installation.home().resolve("tidewatch").toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isEqualTo(exitCode);
    assertThat(output.lines().toList()).as(output).hasSize(1);
    assertThat(output.replaceFirst("^tidewatch: ", "")).startsWith(beginning);
  }
}
