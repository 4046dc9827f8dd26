package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tidewatch.coverage.ListedRule;
import dev.tidewatch.coverage.NavigatorLayer;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewatch rules list}: rules and what they cover. */
@Command(
    name = "list",
    description = "Lists the rules that compile, and what they cover of ATT&CK.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch rules list my-rules/",
      "  tidewatch rules list my-rules/ --format json | jq '.rules[] | select(.level==\"high\")'",
      "  tidewatch rules list my-rules/ --format navigator > layer.json   for ATT&CK Navigator"
    })
final class RulesListCommand implements Callable<Integer> {
  /** How rules are printed. */
  enum Format {
    TABLE,
    JSON,
    NAVIGATOR
  }

  @Spec CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Rule files or directories.")
  List<Path> paths;

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "table (default), json, or navigator: a layer (format 4.5), score = rules.")
  Format format;

  @Option(
      names = "--name",
      defaultValue = "Tidewatch rules",
      description = "Name of the layer. Default: Tidewatch rules.")
  String name;

  @Override
  public Integer call() throws IOException {
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new CommandFailedException(Tidewatch.USAGE, path + ": no such file or directory");
      }
    }
    Compilation compilation = new SigmaCompiler().compile(RuleDirectory.read(paths));
    if (compilation.refused() > 0) {
      PrintWriter err = spec.commandLine().getErr();
      err.printf(
          Locale.ROOT,
          "%,d rules do not compile and are left out; see `tidewatch rules check`%n",
          compilation.refused());
      err.flush();
    }
    PrintWriter out = spec.commandLine().getOut();
    RuleList list = new RuleList(ListedRule.all(compilation));
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    switch (format) {
      case TABLE -> list.table(out, Tidewatch.colours());
      case JSON -> out.println(mapper.writeValueAsString(list.json()));
      case NAVIGATOR ->
          out.println(
              mapper.writeValueAsString(NavigatorLayer.of(ListedRule.all(compilation), name)));
    }
    out.flush();
    return Tidewatch.OK;
  }
}
