package dev.tidewatch.cli;

import dev.tidewatch.sigma.CheckReport;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewatch rules check}: all diagnostics of all files. */
@Command(
    name = "check",
    description =
        "Compiles rule files and prints all diagnostics. Exit code 1 when a rule is refused.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch rules check my-rules/",
      "  tidewatch rules check my-rules/ --format json | jq .summary"
    })
final class RulesCheckCommand implements Callable<Integer> {
  /** How diagnostics are printed. */
  enum Format {
    TEXT,
    JSON
  }

  @Spec CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Rule files or directories.")
  List<Path> paths;

  @Option(names = "--format", defaultValue = "text", description = "text (default) or json.")
  Format format;

  @Override
  public Integer call() throws IOException {
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new CommandFailedException(Tidewatch.USAGE, path + ": no such file or directory");
      }
    }
    List<RuleSource> sources = RuleDirectory.read(paths);
    SigmaCompiler.Compilation compilation = new SigmaCompiler().compile(sources);
    CheckReport report = new CheckReport(sources, compilation);
    PrintWriter out = spec.commandLine().getOut();
    out.print(format == Format.JSON ? report.toJson().toPrettyString() + "\n" : report.toText());
    out.flush();
    return report.hasErrors() ? Tidewatch.NO : Tidewatch.OK;
  }
}
