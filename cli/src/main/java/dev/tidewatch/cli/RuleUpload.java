package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.sigma.RuleSource;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Rule files on their way to the control API, and what it has to say of them. */
final class RuleUpload {
  /** What the control API takes in one request. */
  private static final int MAX_BYTES = 900_000;

  private RuleUpload() {}

  /** Puts {@code files} into a request's body. */
  static void put(List<RuleSource> sources, List<Path> paths, ObjectNode body) {
    ArrayNode files = body.putArray("files");
    long bytes = 0;
    for (RuleSource source : sources) {
      if (!source.problems().isEmpty()) {
        throw new CommandFailedException(source.file() + ": " + source.problems().get(0).message());
      }
      bytes += source.text().getBytes(StandardCharsets.UTF_8).length;
      files.addObject().put("file", source.file()).put("text", source.text());
    }
    if (sources.isEmpty()) {
      throw new CommandFailedException(Tidewatch.USAGE, "no rule files in " + paths);
    }
    if (bytes > MAX_BYTES) {
      throw new CommandFailedException(
          String.format(
              Locale.ROOT,
              "%,d bytes of rules are more than the %,d of one deploy; start `tidewatch up --rules`"
                  + " with a large directory, or deploy it in parts",
              bytes,
              MAX_BYTES));
    }
  }

  /** Prints the answer's diagnostics. */
  static void findings(JsonNode answer, PrintWriter out) {
    for (JsonNode finding : answer.path("diagnostics")) {
      out.printf(
          "%s:%d:%d: %s %s: %s%n",
          Printable.of(finding.path("file").asText()),
          finding.path("line").asInt(),
          finding.path("column").asInt(),
          finding.path("severity").asText(),
          finding.path("code").asText(),
          Printable.of(finding.path("message").asText()));
      if (!finding.path("remedy").asText().isEmpty()) {
        out.println("    " + Printable.of(finding.path("remedy").asText()));
      }
    }
  }
}
