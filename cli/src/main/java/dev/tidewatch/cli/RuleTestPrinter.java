package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.DiagnosticText;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.explain.Explainer;
import dev.tidewatch.explain.Explanation;
import dev.tidewatch.match.RuleTestRunner.Outcome;
import dev.tidewatch.ruletest.RuleTestReport;
import dev.tidewatch.ruletest.RuleTestReport.FileResult;
import dev.tidewatch.ruletest.RuleTestReport.StreamOutcome;
import dev.tidewatch.sigma.RuleTests.Case;
import dev.tidewatch.sigma.SigmaRule;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Results of rule tests: a table with the failures explained below it, or JSON. */
final class RuleTestPrinter {
  private final RuleTestReport report;

  RuleTestPrinter(RuleTestReport report) {
    this.report = report;
  }

  void table(PrintWriter out, boolean colours) {
    int width = report.files().stream().mapToInt(f -> shown(f.file()).length()).max().orElse(4);
    String row = "%-" + Math.max(width, 4) + "s %8s %8s %8s%n";
    out.printf(row, "RULE", "TESTS", "PASSED", "FAILED");
    for (FileResult file : report.files()) {
      boolean quiet = !file.hasTests() && file.problems().isEmpty();
      out.printf(
          row,
          shown(file.file()),
          quiet ? "-" : file.tests(),
          quiet ? "-" : file.passed(),
          quiet ? "no tests" : file.failed());
    }
    for (FileResult file : report.files()) {
      file.problems().forEach(problem -> out.print("\n" + DiagnosticText.render(problem)));
      file.outcomes().stream()
          .filter(outcome -> !outcome.passed())
          .forEach(outcome -> failure(out, file, outcome, colours));
      file.streams().stream()
          .filter(outcome -> !outcome.passed())
          .forEach(outcome -> failure(out, file, outcome));
    }
    out.println();
    out.printf(
        Locale.ROOT,
        "%,d rule files, %,d without tests; %,d events%s: %,d passed, %,d failed%n",
        report.files().size(),
        report.withoutTests(),
        report.events(),
        report.streams() == 0 ? "" : ", " + report.streams() + " streams",
        report.passed(),
        report.failed());
  }

  private static String shown(String file) {
    return Printable.of(file);
  }

  private static void failure(PrintWriter out, FileResult file, StreamOutcome outcome) {
    out.printf(
        "%n%s:%d: %s: %s%n",
        shown(file.testsFile()),
        outcome.test().place().line(),
        Printable.of(outcome.test().name()),
        Printable.of(outcome.failure()));
  }

  private static void failure(PrintWriter out, FileResult file, Outcome outcome, boolean colours) {
    Case test = outcome.test();
    out.printf(
        "%n%s:%d: %s: %s%n",
        shown(file.testsFile()),
        test.place().line(),
        Printable.of(test.name()),
        Printable.of(outcome.failure()));
    try {
      EventDocument event = EventDocument.parse(test.payload().getBytes(StandardCharsets.UTF_8));
      ExplanationPrinter printer = new ExplanationPrinter(out, colours, false);
      for (SigmaRule rule : file.rules()) {
        Explanation explanation = Explainer.explain(rule, event);
        if (test.shouldMatch() || explanation.fired()) {
          printer.print(explanation);
        }
      }
    } catch (MalformedEventException e) {
      // The failure says so already.
    }
  }

  /**
   * {@code summary}, and {@code files} with {@code problems}, {@code events} and {@code streams}.
   */
  void json(PrintWriter out) throws IOException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    ObjectNode root = mapper.createObjectNode();
    root.putObject("summary")
        .put("files", report.files().size())
        .put("without_tests", report.withoutTests())
        .put("events", report.events())
        .put("streams", report.streams())
        .put("passed", report.passed())
        .put("failed", report.failed());
    ArrayNode files = root.putArray("files");
    report.files().forEach(file -> json(file, files.addObject()));
    out.println(mapper.writeValueAsString(root));
  }

  private static void json(FileResult file, ObjectNode out) {
    out.put("file", file.file()).put("tests_file", file.testsFile());
    ArrayNode problems = out.putArray("problems");
    for (Diagnostic problem : file.problems()) {
      problems
          .addObject()
          .put("code", problem.code())
          .put("file", problem.file())
          .put("line", problem.line())
          .put("message", problem.message());
    }
    ArrayNode events = out.putArray("events");
    for (Outcome outcome : file.outcomes()) {
      events
          .addObject()
          .put("name", outcome.test().name())
          .put("line", outcome.test().place().line())
          .put("expected", outcome.test().shouldMatch() ? "match" : "no-match")
          .put("passed", outcome.passed())
          .put("failure", outcome.failure());
    }
    ArrayNode streams = out.putArray("streams");
    for (StreamOutcome outcome : file.streams()) {
      streams
          .addObject()
          .put("name", outcome.test().name())
          .put("line", outcome.test().place().line())
          .put("passed", outcome.passed())
          .put("failure", outcome.failure());
    }
  }
}
