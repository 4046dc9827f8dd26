package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.explain.Explainer;
import dev.tidewatch.explain.Explanation;
import dev.tidewatch.explain.ExplanationJson;
import dev.tidewatch.sigma.CheckReport;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewatch explain}: why a rule fires on an event, or does not. */
@Command(
    name = "explain",
    description = {
      "Shows why a rule fires on an event, or does not: the log source, the condition, and every",
      "predicate with the values seen. Exit code 0 whatever the answer."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch explain --rule my.yml --event event.json",
      "  tidewatch explain --rule my.yml --event log.ndjson --record 17 --format json | jq .rules[0].reasons"
    })
final class ExplainCommand implements Callable<Integer> {
  /** How explanations are printed. */
  enum Format {
    TEXT,
    JSON
  }

  @Spec CommandSpec spec;

  @Option(
      names = {"-r", "--rule"},
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Rule file; with filters for it in further ones. Each of its rules is explained.")
  List<Path> ruleFiles;

  @Option(
      names = {"-e", "--event"},
      required = true,
      paramLabel = "FILE",
      description =
          "NDJSON, concatenated JSON or a JSON array, also gzipped; '-' is standard input.")
  String eventFile;

  @Option(
      names = "--record",
      defaultValue = "0",
      paramLabel = "N",
      description = "Which event of the file, counted from 0 as 'detect' does. Default: 0.")
  int record;

  @Option(names = "--format", defaultValue = "text", description = "text (default) or json.")
  Format format;

  @Option(names = "--all", description = "Text: show every value of long lists.")
  boolean all;

  @Option(
      names = "--max-record",
      defaultValue = "33554432",
      paramLabel = "BYTES",
      description = "Longest event that is read as one. Default: 32 MiB.")
  int maxRecordBytes;

  @Override
  public Integer call() throws IOException {
    List<SigmaRule> rules = rules();
    EventDocument event = event();
    List<Explanation> explanations =
        rules.stream().map(rule -> Explainer.explain(rule, event)).toList();
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.JSON) {
      out.println(json(explanations));
    } else {
      ExplanationPrinter printer = new ExplanationPrinter(out, Tidewatch.colours(), all);
      explanations.forEach(printer::print);
    }
    out.flush();
    return Tidewatch.OK;
  }

  private List<SigmaRule> rules() {
    for (Path path : ruleFiles) {
      if (!Files.exists(path)) {
        throw new CommandFailedException(Tidewatch.USAGE, "--rule " + path + ": no such file");
      }
    }
    List<RuleSource> sources = RuleDirectory.read(ruleFiles);
    Compilation compilation = new SigmaCompiler().compile(sources);
    if (compilation.rules().isEmpty()) {
      PrintWriter err = spec.commandLine().getErr();
      CheckReport report = new CheckReport(sources, compilation);
      compilation.diagnostics().stream()
          .filter(Diagnostic::isError)
          .forEach(d -> err.print(report.toText(d)));
      throw new CommandFailedException(Tidewatch.NO, "the rule does not compile");
    }
    return compilation.rules();
  }

  private EventDocument event() throws IOException {
    EventFile.requireReadable("--event", eventFile);
    try (EventFile events = EventFile.open(eventFile, maxRecordBytes)) {
      int count = 0;
      for (byte[] payload = events.next(); payload != null; payload = events.next(), count++) {
        if (count == record) {
          return parse(payload);
        }
      }
      throw new CommandFailedException(
          Tidewatch.USAGE,
          "--record " + record + ": " + eventFile + " has " + count + " events, counted from 0");
    }
  }

  private EventDocument parse(byte[] payload) {
    try {
      return EventDocument.parse(payload);
    } catch (MalformedEventException e) {
      throw new CommandFailedException(
          Tidewatch.NO, eventFile + ": record " + record + ": " + e.code() + ": " + e.getMessage());
    }
  }

  /** {@code event} (file, record) and {@code rules}, one explanation each. */
  private String json(List<Explanation> explanations) throws IOException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    ObjectNode report = mapper.createObjectNode();
    report.putObject("event").put("file", eventFile).put("record", record);
    ArrayNode rules = report.putArray("rules");
    explanations.forEach(explanation -> rules.add(ExplanationJson.of(explanation)));
    return mapper.writeValueAsString(report);
  }
}
