package dev.tidewatch.pattern;

import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.remember.StatefulDocument;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads documents with {@code pattern:}. */
public final class PatternParser {
  private final Diagnostics diagnostics;

  /**
   * @param valueLists what {@code expand} puts in for a placeholder
   */
  public PatternParser(Map<String, List<String>> valueLists, Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /**
   * @param fallbackId id of a document that has none
   * @return empty if the document has an error
   */
  public Optional<StatefulDocument> parse(Mapping mapping, String fallbackId) {
    Place place = mapping.entry("pattern").map(e -> e.key().place()).orElse(mapping.place());
    diagnostics.add(DiagnosticCode.PATTERN_SYNTAX, place, "patterns are not run yet");
    return Optional.empty();
  }
}
