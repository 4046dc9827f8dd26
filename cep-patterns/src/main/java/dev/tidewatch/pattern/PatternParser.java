package dev.tidewatch.pattern;

import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.pattern.parse.PatternReader;
import dev.tidewatch.pattern.parse.PatternTree;
import dev.tidewatch.remember.StatefulDocument;
import dev.tidewatch.sigma.parse.StatefulHead;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads documents with {@code pattern:}. */
public final class PatternParser {
  private static final List<String> KEYS =
      List.of(
          "title",
          "id",
          "related",
          "name",
          "taxonomy",
          "status",
          "description",
          "license",
          "author",
          "references",
          "date",
          "modified",
          "falsepositives",
          "level",
          "tags",
          "pattern",
          "suppress",
          "lateness",
          "generate");

  /** Refused by the head already, with a better answer. */
  private static final List<String> OF_DETECTIONS = List.of("logsource", "detection", "fields");

  private final Map<String, List<String>> valueLists;
  private final Diagnostics diagnostics;

  /**
   * @param valueLists what {@code expand} puts in for a placeholder
   */
  public PatternParser(Map<String, List<String>> valueLists, Diagnostics diagnostics) {
    this.valueLists = valueLists;
    this.diagnostics = diagnostics;
  }

  /**
   * @param fallbackId id of a document that has none
   * @return empty if the document has an error
   */
  public Optional<StatefulDocument> parse(Mapping document, String fallbackId) {
    int before = diagnostics.errors();
    StatefulHead head = StatefulHead.read(document, fallbackId, diagnostics);
    document.entries().forEach(this::refuseUnknown);
    Optional<PatternTree> tree =
        pattern(document)
            .flatMap(p -> new PatternReader(head.head(), valueLists, diagnostics).read(p));
    return diagnostics.errors() == before
        ? tree.map(t -> new PatternDocument(head, t))
        : Optional.empty();
  }

  private Optional<Mapping> pattern(Mapping document) {
    Optional<Entry> entry = document.entry("pattern");
    if (entry.isPresent() && entry.get().value() instanceof Mapping pattern) {
      return Optional.of(pattern);
    }
    diagnostics.add(
        DiagnosticCode.PATTERN_SYNTAX,
        entry.map(e -> e.value().place()).orElse(document.place()),
        "'pattern' must be a map",
        "write pattern: with by:, within: and steps:");
    return Optional.empty();
  }

  private void refuseUnknown(Entry entry) {
    String key = entry.key().text();
    Place place = entry.key().place();
    boolean told =
        diagnostics.found().stream()
            .anyMatch(d -> d.line() == place.line() && d.column() == place.column());
    if (!KEYS.contains(key) && !OF_DETECTIONS.contains(key) && !told) {
      diagnostics.add(
          DiagnosticCode.STATEFUL_KEY,
          place,
          "'" + key + "' is no attribute of a pattern document",
          Suggestion.didYouMean(key, KEYS, "by, within, steps and the like stand inside pattern:"));
    }
  }
}
