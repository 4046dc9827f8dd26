package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.DiagnosticText;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What a compilation found, for people or as JSON: {@code summary} and {@code diagnostics}. */
final class CheckReport {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Compilation compilation;

  CheckReport(Compilation compilation) {
    this.compilation = compilation;
  }

  /** Each diagnostic with its source line, then one line that sums up. */
  void writeText(PrintWriter out, Iterable<RuleSource> sources) {
    Map<String, String> texts = new HashMap<>();
    for (RuleSource source : sources) {
      texts.put(source.file(), source.text());
    }
    for (Diagnostic diagnostic : compilation.diagnostics()) {
      out.print(DiagnosticText.render(diagnostic, texts.getOrDefault(diagnostic.file(), "")));
    }
    out.printf(
        Locale.ROOT,
        "%,d files, %,d rules compiled, %,d refused%n",
        compilation.files(),
        compilation.rules().size(),
        compilation.refused());
  }

  void writeJson(PrintWriter out) throws IOException {
    ObjectNode report = JSON.createObjectNode();
    ObjectNode summary = report.putObject("summary");
    summary.put("files", compilation.files());
    summary.put("rules", compilation.rules().size() + compilation.refused());
    summary.put("compiled", compilation.rules().size());
    summary.put("refused", compilation.refused());
    ObjectNode byCode = summary.putObject("refused_by_code");
    compilation.refusedByCode().forEach(byCode::put);
    ArrayNode diagnostics = report.putArray("diagnostics");
    for (Diagnostic diagnostic : compilation.diagnostics()) {
      diagnostics
          .addObject()
          .put("code", diagnostic.code())
          .put("severity", diagnostic.severity().name().toLowerCase(Locale.ROOT))
          .put("file", diagnostic.file())
          .put("line", diagnostic.line())
          .put("column", diagnostic.column())
          .put("message", diagnostic.message())
          .put("remedy", diagnostic.remedy());
    }
    out.println(JSON.writeValueAsString(report));
  }
}
