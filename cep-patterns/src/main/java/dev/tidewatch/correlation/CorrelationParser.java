package dev.tidewatch.correlation;

import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.remember.StatefulDocument;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import java.util.Optional;

/** Reads documents with {@code correlation:}. */
public final class CorrelationParser {
  private final Diagnostics diagnostics;

  public CorrelationParser(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /**
   * @param fallbackId id of a document that has none
   * @return empty if the document has an error
   */
  public Optional<StatefulDocument> parse(Mapping document, String fallbackId) {
    diagnostics.add(
        DiagnosticCode.CORRELATION_TYPE, document.place(), "correlations are not run yet");
    return Optional.empty();
  }
}
