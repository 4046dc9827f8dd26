package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands that the documentation of the control API shows, as they stand there, against a
 * running Tidewatch: so the page cannot say what does not work.
 */
class WalkthroughIT {
  private static final Path PAGE = Installation.home().resolve("docs/reference/control-api.md");
  private static final long SECONDS = 600;

  @TempDir static Path data;
  @TempDir Path work;
  private static LocalStack stack;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(isInstalled("curl") && isInstalled("jq"), "curl or jq is not installed");
    Steps steps = new Steps(new PrintWriter(new StringWriter()), false);
    stack = LocalStack.start(data, List.of(Installation.starterRules()), Ports.free(), steps);
    stack.running().save(data);
    // As `up` does: it leaves a key for senders in the data directory.
    GatewayParts.say(stack.gateway(), data, steps);
  }

  @AfterAll
  static void stop() throws Exception {
    if (stack != null) {
      stack.close();
    }
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /** The block that begins with {@code ```sh NAME}. */
  private static String block(String name) throws IOException {
    Matcher block =
        Pattern.compile("```sh " + name + "\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    assertThat(block.find()).as("a block named %s in %s", name, PAGE).isTrue();
    return block.group(1);
  }

  private void run(String name, String path) throws Exception {
    Path script = work.resolve("walk.sh");
    Files.writeString(script, "set -euo pipefail\n" + block("setup") + block(name));
    Path log = work.resolve("walk.log");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-x", script.toString())
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    String console = stack.running().console();
    builder.environment().put("U", console.replaceAll("/+$", ""));
    builder.environment().put("G", stack.running().gatewayLocal().replaceAll("/+$", ""));
    builder.environment().put("D", data.toString());
    builder.environment().put("PATH", path + File.pathSeparator + System.getenv("PATH"));
    Process process = builder.start();
    boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String output = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(ended).as(output).isTrue();
    String end = output.substring(Math.max(0, output.length() - 4_000));
    assertThat(process.waitFor()).as(end).isZero();
    assertThat(output).contains("RollbackRule");
  }

  @Test
  void theWholeWayWithCurl() throws Exception {
    run("curl", work.toString());
  }

  /** In the place of grpcurl a client of ours that has no stub either: all it has is reflection. */
  @Test
  void theWholeWayByReflection() throws Exception {
    try (GrpcurlStandIn standIn = GrpcurlStandIn.start()) {
      Path grpcurl = Files.writeString(work.resolve("grpcurl"), standIn.script());
      Files.setPosixFilePermissions(grpcurl, PosixFilePermissions.fromString("rwxr-xr-x"));
      run("grpcurl", work.toString());
      assertThat(standIn.calls()).as("the page went through it").isGreaterThan(10);
    }
  }
}
