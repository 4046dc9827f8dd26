package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidewatch.cli.demo.DemoScenario;
import dev.tidewatch.control.LocalOperator;
import dev.tidewatch.store.ClickHouseStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console in a real browser over a real pipeline: the console's own specifications of a running
 * Tidewatch. One shows what was found; another takes a rule from its first mistake over shadow and
 * an alert to its rollback and the audit record of all that; the last makes a tenant with people,
 * keys and lists, and deletes it.
 */
class ConsoleIT {
  @TempDir Path data;

  @Test
  void showsWhatThePipelineFoundAndChangesWhatItLooksFor() throws Exception {
    Path playwright = Installation.home().resolve("console/node_modules/@playwright/test/cli.js");
    assumeTrue(Files.exists(playwright), "the console's packages are not installed");
    Optional<Path> chromium = chromium();
    assumeTrue(chromium.isPresent(), "no chromium on this machine");

    StringWriter log = new StringWriter();
    Steps steps = new Steps(new PrintWriter(log), false);
    List<Path> rules = List.of(Installation.starterRules());
    DemoScenario scenario = DemoScenario.load();
    try (LocalStack stack = LocalStack.start(data, rules, Ports.free(), steps)) {
      play(scenario, stack);
      Process browser = browse(playwright, chromium.get(), stack);
      String output = new String(browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(browser.waitFor()).as(output).isZero();
      assertThat(output).contains("5 passed");
      output.lines().filter(line -> line.startsWith("first paint")).forEach(System.out::println);
    }
  }

  private static void play(DemoScenario scenario, LocalStack stack) {
    try (TelemetrySender sender = new TelemetrySender(stack.running().kafka(), "default");
        ClickHouseStore store = ClickHouseStore.connect(stack.endpoint())) {
      Instant begin = Instant.now().minus(scenario.length());
      int sent = new DemoPlayer(scenario, sender).playAt(begin, Rate.UNLIMITED);
      assertThat(new DemoAlerts(store, scenario).await(sent, Duration.ofSeconds(120))).isTrue();
    }
  }

  /** The pictures of the documentation come from here: -Dtidewatch.screenshots=DIR keeps them. */
  private static Process browse(Path playwright, Path chromium, LocalStack stack)
      throws IOException, InterruptedException {
    ProcessBuilder command =
        new ProcessBuilder(
                "node",
                playwright.toString(),
                "test",
                "e2e/live.spec.ts",
                "e2e/journey.spec.ts",
                "e2e/liveadmin.spec.ts",
                "e2e/paint.spec.ts",
                "--workers=1")
            .directory(Installation.home().resolve("console").toFile())
            .redirectErrorStream(true);
    command.environment().put("TIDEWATCH_URL", stack.running().console());
    command.environment().put("TIDEWATCH_USER", LocalOperator.NAME);
    command.environment().put("TIDEWATCH_PASSWORD", stack.operatorPassword().orElseThrow());
    command.environment().put("TIDEWATCH_INGEST", stack.running().gatewayLocal());
    AgentsClient agents = new AgentsClient(ControlClient.local(stack.data(), "default"));
    command.environment().put("TIDEWATCH_KEY", agents.mintSenderKey("the journey", 1));
    command.environment().put("CHROMIUM", chromium.toString());
    String screenshots = System.getProperty("tidewatch.screenshots", "");
    if (!screenshots.isEmpty()) {
      command.environment().put("TIDEWATCH_SCREENSHOTS", screenshots);
    }
    return command.start();
  }

  private static Optional<Path> chromium() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }
}
