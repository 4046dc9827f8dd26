package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.Diagnostic.Severity;
import dev.tidewatch.diagnostic.DiagnosticText;
import dev.tidewatch.lint.RuleLinter;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.RuleSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewatch rules lint}: style and sense of rules. */
@Command(
    name = "lint",
    description = {
      "Says what 'check' says, and more: SigmaHQ's conventions, rules and selections that can never",
      "hold or change nothing. Exit code 1 when a rule is refused; with --strict on warnings too."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch rules lint my-rules/",
      "  tidewatch rules lint my-rules/ --strict --without TW-L2014,TW-L2007",
      "  tidewatch rules lint my-rules/ --format json | jq .summary.by_code"
    })
final class RulesLintCommand implements Callable<Integer> {
  /** How findings are printed. */
  enum Format {
    TEXT,
    JSON
  }

  @Spec CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Rule files or directories.")
  List<Path> paths;

  @Option(names = "--strict", description = "Exit code 1 on warnings too; never on hints.")
  boolean strict;

  @Option(
      names = "--without",
      split = ",",
      paramLabel = "CODE",
      description = "Leave these findings out. Errors stay.")
  List<String> without = List.of();

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
    List<Diagnostic> findings =
        RuleLinter.lint(sources).stream()
            .filter(d -> d.isError() || !without.contains(d.code()))
            .toList();
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.JSON) {
      out.println(json(sources.size(), findings));
    } else {
      text(sources, findings, out);
    }
    out.flush();
    boolean failed =
        findings.stream().anyMatch(d -> d.isError() || strict && d.severity() == Severity.WARNING);
    return failed ? Tidewatch.NO : Tidewatch.OK;
  }

  private static void text(List<RuleSource> sources, List<Diagnostic> findings, PrintWriter out) {
    Map<String, String> texts = new HashMap<>();
    sources.forEach(source -> texts.put(source.file(), source.text()));
    for (Diagnostic finding : findings) {
      out.print(DiagnosticText.render(finding, texts.getOrDefault(finding.file(), "")));
    }
    out.printf(
        Locale.ROOT,
        "%,d files: %,d errors, %,d warnings, %,d hints%n",
        sources.size(),
        count(findings, Severity.ERROR),
        count(findings, Severity.WARNING),
        count(findings, Severity.HINT));
  }

  private static long count(List<Diagnostic> findings, Severity severity) {
    return findings.stream().filter(d -> d.severity() == severity).count();
  }

  /** {@code summary} with counts by severity and code, and {@code findings}. */
  private static String json(int files, List<Diagnostic> findings) throws IOException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    ObjectNode root = mapper.createObjectNode();
    ObjectNode summary = root.putObject("summary");
    summary
        .put("files", files)
        .put("errors", count(findings, Severity.ERROR))
        .put("warnings", count(findings, Severity.WARNING))
        .put("hints", count(findings, Severity.HINT));
    Map<String, Integer> codes = new TreeMap<>();
    findings.forEach(d -> codes.merge(d.code(), 1, Integer::sum));
    ObjectNode byCode = summary.putObject("by_code");
    codes.forEach(byCode::put);
    ArrayNode list = root.putArray("findings");
    for (Diagnostic finding : findings) {
      list.addObject()
          .put("code", finding.code())
          .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
          .put("file", finding.file())
          .put("line", finding.line())
          .put("column", finding.column())
          .put("message", finding.message())
          .put("remedy", finding.remedy());
    }
    return mapper.writeValueAsString(root);
  }
}
