package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.conformance.CaseLines;
import dev.tidewatch.conformance.ConformanceCase;
import dev.tidewatch.conformance.ConformanceKit;
import dev.tidewatch.conformance.EngineProcess;
import dev.tidewatch.conformance.KitReport;
import dev.tidewatch.conformance.KitReport.CaseResult;
import dev.tidewatch.conformance.QuestionLoop;
import dev.tidewatch.conformance.TidewatchEngine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewatch conformance}: the kit, for Tidewatch and for other Sigma engines. */
@Command(
    name = "conformance",
    description = {
      "Answers conformance cases: a line of JSON on standard input, a line of JSON on standard",
      "output. With --run: runs the kit against Tidewatch, or against the engine whose command",
      "stands after --. Exit code 1 when a case goes wrong."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch conformance --run docs/conformance",
      "  tidewatch conformance --run docs/conformance -- my-engine --lines",
      "  tidewatch conformance < docs/conformance/cases.ndjson"
    })
final class ConformanceCommand implements Callable<Integer> {
  /** How results are printed. */
  enum Format {
    TABLE,
    JSON
  }

  /** What to do with a kit. */
  static final class Kit {
    @Option(names = "--run", paramLabel = "DIR", description = "Run the kit of this directory.")
    @Nullable Path run;

    @Option(
        names = "--export",
        paramLabel = "DIR",
        description = "Print the cases of this kit as lines, with what is expected.")
    @Nullable Path export;
  }

  @Spec CommandSpec spec;

  @ArgGroup @Nullable Kit kit;

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "After --: an engine that speaks the protocol, with its arguments.")
  List<String> command = List.of();

  @Option(names = "--format", defaultValue = "table", description = "table (default) or json.")
  Format format;

  @Option(
      names = "--timeout",
      defaultValue = "300",
      paramLabel = "SECONDS",
      description = "For the whole kit, with an engine of one's own. Default: 300.")
  int timeoutSeconds;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (kit == null || kit.run == null && !command.isEmpty()) {
      if (!command.isEmpty()) {
        throw new ParameterException(spec.commandLine(), "an engine's command needs --run DIR");
      }
      InputStreamReader in = new InputStreamReader(System.in, StandardCharsets.UTF_8);
      QuestionLoop.serve(new BufferedReader(in), out, new TidewatchEngine());
      return Tidewatch.OK;
    }
    if (kit.export != null) {
      cases(kit.export).forEach(question -> out.print(CaseLines.whole(question) + "\n"));
      out.flush();
      return Tidewatch.OK;
    }
    KitReport report = run(cases(kit.run));
    if (format == Format.JSON) {
      out.println(json(report));
    } else {
      table(report, out);
    }
    out.flush();
    return report.failed().isEmpty() ? Tidewatch.OK : Tidewatch.NO;
  }

  private static List<ConformanceCase> cases(@Nullable Path directory) {
    if (directory == null || !Files.isDirectory(directory.resolve("cases"))) {
      throw new CommandFailedException(
          Tidewatch.USAGE, directory + ": no kit there; a kit is a directory with cases/*.yml");
    }
    try {
      return ConformanceKit.read(directory);
    } catch (IOException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()));
    }
  }

  private KitReport run(List<ConformanceCase> cases) throws InterruptedException {
    if (command.isEmpty()) {
      return KitReport.of(cases, new TidewatchEngine());
    }
    PrintWriter err = spec.commandLine().getErr();
    try {
      return new EngineProcess(command, Duration.ofSeconds(timeoutSeconds))
          .run(cases, complaint -> err.println(Printable.of(complaint)));
    } catch (IOException e) {
      throw new CommandFailedException("the engine cannot be started: " + e.getMessage());
    }
  }

  private static void table(KitReport report, PrintWriter out) {
    for (CaseResult result : report.failed()) {
      ConformanceCase question = result.question();
      out.printf(
          "%s: %s%n    expected %s%s, answered %s%n    event %s%n%s",
          question.id(),
          Printable.of(question.about()),
          question.expected().key(),
          question.code().isEmpty() ? "" : " (" + question.code() + ")",
          answered(result),
          Printable.of(question.event()),
          rule(question));
    }
    out.printf("%4s %7s %7s%n", "ROW", "CASES", "PASSED");
    for (KitReport.RowCount row : report.rows()) {
      String mark = row.passed() == row.cases() ? "" : "  ✗";
      out.printf("%4d %7d %7d%s%n", row.row(), row.cases(), row.passed(), mark);
    }
    out.printf(
        "%d cases: %d passed, %d failed%n",
        report.results().size(), report.passed(), report.failed().size());
  }

  private static String answered(CaseResult result) {
    String more = (result.answer().code() + " " + result.answer().message()).strip();
    return result.answer().outcome().key()
        + (more.isEmpty() ? "" : " (" + Printable.of(more) + ")");
  }

  private static String rule(ConformanceCase question) {
    StringBuilder out = new StringBuilder();
    question
        .rule()
        .lines()
        .forEach(line -> out.append("    | ").append(Printable.of(line)).append('\n'));
    return out.toString();
  }

  /** {@code summary}, {@code rows}, and {@code failed} with expected and answered. */
  private static String json(KitReport report) throws IOException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    ObjectNode root = mapper.createObjectNode();
    root.putObject("summary")
        .put("cases", report.results().size())
        .put("passed", report.passed())
        .put("failed", report.failed().size());
    ArrayNode rows = root.putArray("rows");
    report
        .rows()
        .forEach(
            r ->
                rows.addObject()
                    .put("row", r.row())
                    .put("cases", r.cases())
                    .put("passed", r.passed()));
    ArrayNode failed = root.putArray("failed");
    for (CaseResult result : report.failed()) {
      failed
          .addObject()
          .put("id", result.question().id())
          .put("about", result.question().about())
          .put("expected", result.question().expected().key())
          .put("expected_code", result.question().code())
          .put("answered", result.answer().outcome().key())
          .put("answered_code", result.answer().code())
          .put("message", result.answer().message());
    }
    return mapper.writeValueAsString(root);
  }
}
