package dev.tidewatch.cli;

import dev.tidewatch.ruletest.JUnitXml;
import dev.tidewatch.ruletest.RuleTestReport;
import dev.tidewatch.ruletest.RuleTestSuite;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewatch rules test}: runs the test events that stand beside rules. */
@Command(
    name = "test",
    description = {
      "Runs the events and streams of NAME.tests.yml against the rules of NAME.yml beside it.",
      "Exit code 1 when one goes wrong, or when there are none."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch rules test my-rules/",
      "  tidewatch rules test my-rules/ --junit target/rules.xml",
      "  tidewatch rules test my-rules/lsass.tests.yml"
    })
final class RulesTestCommand implements Callable<Integer> {
  /** How results are printed. */
  enum Format {
    TABLE,
    JSON
  }

  @Spec CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Rule files, their .tests.yml, or directories of both.")
  List<Path> paths;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Also write the results as JUnit XML.")
  @Nullable Path junit;

  @Option(names = "--format", defaultValue = "table", description = "table (default) or json.")
  Format format;

  @Override
  public Integer call() throws IOException {
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new CommandFailedException(Tidewatch.USAGE, path + ": no such file or directory");
      }
    }
    RuleTestReport report = RuleTestSuite.run(paths);
    if (junit != null) {
      writeJUnit(report, junit);
    }
    PrintWriter out = spec.commandLine().getOut();
    RuleTestPrinter printer = new RuleTestPrinter(report);
    if (format == Format.JSON) {
      printer.json(out);
    } else {
      printer.table(out, Tidewatch.colours());
    }
    out.flush();
    return report.failed() == 0 && report.tests() > 0 ? Tidewatch.OK : Tidewatch.NO;
  }

  private static void writeJUnit(RuleTestReport report, Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    try (Writer out = Files.newBufferedWriter(file)) {
      JUnitXml.write(report, out);
    } catch (XMLStreamException e) {
      throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
