package dev.tidewatch.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Entry of the {@code tidewatch} command. Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3
 * failed.
 */
@Command(
    name = "tidewatch",
    description = "Detects attacks while they happen: Sigma rules over streams and files.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      AgentCommand.class,
      GatewayCommand.class,
      RespondCommand.class,
      DemoCommand.class,
      ReplayCommand.class,
      DetectCommand.class,
      ExplainCommand.class,
      BenchCommand.class,
      ChaosCommand.class,
      ConformanceCommand.class,
      RulesCommand.class
    },
    versionProvider = Tidewatch.Version.class,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch demo                      everything on this machine, with a bundled attack",
      "  tidewatch up --rules my-rules/      everything on this machine, with your rules",
      "  tidewatch replay --events log.ndjson  events of a file into the running pipeline",
      "  tidewatch detect --rules my-rules/ --events log.ndjson   the same matcher over files, no servers"
    })
public final class Tidewatch implements Runnable {
  static final int OK = 0;
  static final int NO = 1;
  static final int USAGE = 2;
  static final int FAILED = 3;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Show this help and exit.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version and exit.")
  boolean version;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  public static void main(String[] args) {
    int exitCode = FAILED;
    try {
      exitCode = commandLine().setOut(utf8(System.out)).setErr(utf8(System.err)).execute(args);
    } catch (Error e) {
      // Servers have threads of their own: without an exit the process would stay, half dead.
      e.printStackTrace();
    }
    System.exit(exitCode);
  }

  /** Whatever the locale: a container's C locale would turn ✓ and names of files into ?. */
  private static PrintWriter utf8(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  /** The command line, as {@code main} runs it; tests call it with writers of their own. */
  static CommandLine commandLine() {
    return new CommandLine(new Tidewatch())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setColorScheme(CommandLine.Help.defaultColorScheme(colours() ? Ansi.ON : Ansi.OFF))
        .setExecutionExceptionHandler(Tidewatch::failed);
  }

  /** Colours only on a terminal, and never where the user said no (https://no-color.org). */
  static boolean colours() {
    return System.console() != null && System.getenv("NO_COLOR") == null;
  }

  /** One line that says what failed; the stack trace only where it was asked for. */
  private static int failed(
      Exception exception, CommandLine commandLine, CommandLine.ParseResult ignored) {
    PrintWriter err = commandLine.getErr();
    boolean expected = exception instanceof CommandFailedException;
    String message = exception.getMessage();
    err.println("tidewatch: " + (expected && message != null ? message : exception.toString()));
    if (System.getenv("TIDEWATCH_DEBUG") != null) {
      exception.printStackTrace(err);
    } else if (!expected) {
      err.println("tidewatch: set TIDEWATCH_DEBUG=1 for the stack trace");
    }
    err.flush();
    return exception instanceof CommandFailedException failure ? failure.exitCode() : FAILED;
  }

  /** Version from the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Tidewatch.class.getPackage().getImplementationVersion();
      return new String[] {"tidewatch " + (version == null ? "(development)" : version)};
    }
  }
}
