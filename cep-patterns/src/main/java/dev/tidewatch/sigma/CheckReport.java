package dev.tidewatch.sigma;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.Diagnostic.Severity;
import dev.tidewatch.diagnostic.DiagnosticText;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What {@code tidewatch rules check} prints, for people and for programs. */
public final class CheckReport {
  private final Compilation compilation;
  private final Map<String, String> texts = new HashMap<>();

  /**
   * @param sources that were compiled, for the lines under the diagnostics
   */
  public CheckReport(Collection<RuleSource> sources, Compilation compilation) {
    this.compilation = compilation;
    sources.forEach(source -> texts.put(source.file(), source.text()));
  }

  /** Whether the command should exit with 1. */
  public boolean hasErrors() {
    return compilation.hasErrors();
  }

  /** One finding as a compiler prints it, with its source line. */
  public String toText(Diagnostic diagnostic) {
    return DiagnosticText.render(diagnostic, texts.getOrDefault(diagnostic.file(), ""));
  }

  /** All findings, then the summary. */
  public String toText() {
    StringBuilder out = new StringBuilder();
    compilation.diagnostics().forEach(d -> out.append(toText(d)));
    return out.append(summary()).append('\n').toString();
  }

  /** One line: files, rules, refused ones by code, findings by severity. */
  public String summary() {
    String refused =
        compilation.refused() == 0
            ? "none refused"
            : compilation.refused() + " refused " + compilation.refusedByCode();
    return String.format(
        Locale.ROOT,
        "%d files, %d rules: %d compiled%s, %s; %d errors, %d warnings, %d hints",
        compilation.files(),
        rules(),
        compiled(),
        stateful(),
        refused,
        count(Severity.ERROR),
        count(Severity.WARNING),
        count(Severity.HINT));
  }

  private String stateful() {
    int stateful = compilation.stateful().size();
    return stateful == 0 ? "" : " (" + stateful + " of them correlations and patterns)";
  }

  /**
   * {@code summary} with {@code files}, {@code rules}, {@code compiled}, {@code stateful} (those of
   * the compiled that are correlations and patterns), {@code refused}, {@code refused_by_code},
   * {@code errors}, {@code warnings}, {@code hints}; and {@code diagnostics}, each with {@code
   * code}, {@code severity}, {@code file}, {@code line}, {@code column}, {@code message}, {@code
   * remedy}.
   */
  public ObjectNode toJson() {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    ObjectNode summary = report.putObject("summary");
    summary.put("files", compilation.files());
    summary.put("rules", rules());
    summary.put("compiled", compiled());
    summary.put("stateful", compilation.stateful().size());
    summary.put("refused", compilation.refused());
    ObjectNode byCode = summary.putObject("refused_by_code");
    compilation.refusedByCode().forEach(byCode::put);
    summary.put("errors", count(Severity.ERROR));
    summary.put("warnings", count(Severity.WARNING));
    summary.put("hints", count(Severity.HINT));
    ArrayNode diagnostics = report.putArray("diagnostics");
    compilation.diagnostics().forEach(d -> add(d, diagnostics.addObject()));
    return report;
  }

  private static void add(Diagnostic diagnostic, ObjectNode out) {
    out.put("code", diagnostic.code());
    out.put("severity", diagnostic.severity().name().toLowerCase(Locale.ROOT));
    out.put("file", diagnostic.file());
    out.put("line", diagnostic.line());
    out.put("column", diagnostic.column());
    out.put("message", diagnostic.message());
    out.put("remedy", diagnostic.remedy());
  }

  private int rules() {
    return compiled() + compilation.refused();
  }

  private int compiled() {
    return compilation.rules().size() + compilation.stateful().size();
  }

  private long count(Severity severity) {
    return compilation.diagnostics().stream().filter(d -> d.severity() == severity).count();
  }
}
