package dev.tidewatch.agent;

import dev.tidewatch.agent.config.ConfigurationException;
import dev.tidewatch.agent.config.Setting;
import dev.tidewatch.agent.config.Settings;
import dev.tidewatch.agent.enroll.GatewayChannels;
import dev.tidewatch.agent.enroll.Identity;
import dev.tidewatch.agent.update.InstalledVersions;
import dev.tidewatch.agent.update.UpdateLoop;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The command of the jar that runs alone: {@code run}, {@code enroll}, {@code status}, {@code
 * test}, {@code settings}. Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 failed, 75
 * another version is installed and to be started.
 */
public final class AgentMain {
  private static final Set<String> OPTIONS =
      Set.of("--state", "--config", "--gateway", "--token", "--token-file", "--home", "--started");
  // The launcher's, and sysexits.h's for "try again".
  private static final int RESTART = 75;
  private static final String USAGE =
      """
      usage: tidewatch-agent run      [--state DIR] [--config FILE]
             tidewatch-agent enroll   --gateway HOST:PORT (--token TOKEN | --token-file FILE) [--state DIR]
             tidewatch-agent status   [--state DIR]
             tidewatch-agent test     [--state DIR] [--config FILE]
             tidewatch-agent settings
      """;

  private final PrintStream out;
  private final PrintStream err;

  private AgentMain(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  public static void main(String[] arguments) {
    // OSHI logs through SLF4J, for which there is nothing here: not worth a warning.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    GatewayChannels.sparePublicAuthorities();
    System.exit(new AgentMain(System.out, System.err).execute(List.of(arguments)));
  }

  private int execute(List<String> arguments) {
    Map<String, String> options = new HashMap<>();
    for (int i = 1; i < arguments.size(); i += 2) {
      if (!OPTIONS.contains(arguments.get(i)) || i + 1 == arguments.size()) {
        err.print(arguments.get(i) + " is not understood\n" + USAGE);
        return 2;
      }
      options.put(arguments.get(i), arguments.get(i + 1));
    }
    AgentFiles files =
        new AgentFiles(
            Path.of(options.getOrDefault("--state", AgentFiles.INSTALLED.state().toString())),
            Path.of(
                options.getOrDefault("--config", AgentFiles.INSTALLED.configuration().toString())));
    try {
      return switch (arguments.isEmpty() ? "" : arguments.get(0)) {
        case "run" -> run(new AgentRun(files, started(options)));
        case "enroll" -> enroll(new AgentRun(files), options);
        case "status" -> status(files);
        case "test" -> test(new AgentRun(files));
        case "settings" -> settings();
        default -> {
          err.print(USAGE);
          yield 2;
        }
      };
    } catch (IOException | ConfigurationException e) {
      err.println("tidewatch-agent: " + e.getMessage());
      return 3;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 3;
    }
  }

  /** {@code --home DIR --started VERSION} are the launcher's. */
  private static Optional<UpdateLoop.Started> started(Map<String, String> options) {
    String home = options.get("--home");
    String version = options.get("--started");
    return home == null || version == null
        ? Optional.empty()
        : Optional.of(new UpdateLoop.Started(new InstalledVersions(Path.of(home)), version));
  }

  private static int run(AgentRun run)
      throws IOException, ConfigurationException, InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    Thread onSignal =
        new Thread(
            () -> {
              run.stop();
              try {
                boolean unused = ended.await(15, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "on-signal");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      run.run();
    } finally {
      ended.countDown();
    }
    return run.updated() ? RESTART : 0;
  }

  private int enroll(AgentRun run, Map<String, String> options) throws IOException {
    String tokenFile = options.get("--token-file");
    String token =
        tokenFile == null ? options.get("--token") : Files.readString(Path.of(tokenFile));
    String gateway = options.get("--gateway");
    if (token == null || gateway == null) {
      err.print(USAGE);
      return 2;
    }
    Identity identity = run.enroll(gateway, token.strip());
    out.println("enrolled as " + identity.agentId() + " of tenant " + identity.tenantId());
    return 0;
  }

  private int status(AgentFiles files) throws IOException {
    if (!Files.isRegularFile(files.status())) {
      out.println("no agent has run in " + files.state());
      return 1;
    }
    out.print(Files.readString(files.status()));
    return 0;
  }

  private int test(AgentRun run) throws IOException, ConfigurationException {
    run.test().forEach((name, state) -> out.println(name + ": " + state));
    out.println(run.identity().map(i -> "enrolled: " + i).orElse("not enrolled"));
    return 0;
  }

  private int settings() {
    for (Setting setting : Settings.known()) {
      out.println("# " + setting.description() + " (" + setting.kind().format() + ")");
      out.println("#" + setting.key() + " = " + setting.fallback() + "\n");
    }
    return 0;
  }
}
