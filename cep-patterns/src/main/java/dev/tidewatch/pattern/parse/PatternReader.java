package dev.tidewatch.pattern.parse;

import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.pattern.parse.PatternTree.Body;
import dev.tidewatch.pattern.parse.PatternTree.Cadence;
import dev.tidewatch.pattern.parse.PatternTree.Step;
import dev.tidewatch.pattern.plan.AfterMatch;
import dev.tidewatch.sigma.parse.RuleHead;
import dev.tidewatch.sigma.parse.Timespan;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code pattern} section of a document. */
public final class PatternReader {
  private static final List<String> KEYS =
      List.of(
          "by",
          "aliases",
          "within",
          "steps",
          "cadence",
          "until",
          "scope",
          "after-match",
          "suppress",
          "lateness",
          "generate");
  private static final List<String> OF_DOCUMENT = List.of("suppress", "lateness", "generate");

  private final BodyReader bodies;
  private final Diagnostics diagnostics;
  private final Keys keys;

  /**
   * @param head of the document
   * @param valueLists what {@code expand} puts in for a placeholder
   */
  public PatternReader(
      RuleHead head, Map<String, List<String>> valueLists, Diagnostics diagnostics) {
    this.bodies = new BodyReader(head, valueLists, diagnostics);
    this.diagnostics = diagnostics;
    this.keys = new Keys(diagnostics);
  }

  /** Empty if there was an error. */
  public Optional<PatternTree> read(Mapping pattern) {
    int before = diagnostics.errors();
    keys.refuseUnknown(pattern, KEYS, "a pattern");
    refuseMisplaced(pattern);
    Optional<Duration> within =
        pattern.entry("within").flatMap(e -> Timespan.read(e.value(), "within", diagnostics));
    List<Step> steps =
        pattern
            .entry("steps")
            .map(e -> new StepReader(bodies, diagnostics).read(e.value()))
            .orElse(List.of());
    PatternTree tree =
        new PatternTree(
            pattern.place(),
            keys.scalars(pattern, "by"),
            aliases(pattern),
            within,
            steps,
            body(pattern, "until"),
            body(pattern, "scope"),
            keys.scalar(pattern, "after-match")
                .map(this::afterMatch)
                .orElse(AfterMatch.SKIP_PAST_LAST),
            cadence(pattern, within));
    if (diagnostics.errors() == before) {
      new PatternChecks(tree, pattern, diagnostics).check();
    }
    return diagnostics.errors() == before ? Optional.of(tree) : Optional.empty();
  }

  /** They are known here so that they get a better answer than that they are unknown. */
  private void refuseMisplaced(Mapping pattern) {
    for (String key : OF_DOCUMENT) {
      pattern
          .entry(key)
          .ifPresent(
              e ->
                  diagnostics.add(
                      DiagnosticCode.MISPLACED_KEY,
                      e.key().place(),
                      "'" + key + "' stands inside pattern:",
                      "write it beside pattern:, at the document's margin"));
    }
  }

  private Optional<Cadence> cadence(Mapping pattern, Optional<Duration> within) {
    return keys.mapping(pattern, "cadence")
        .flatMap(map -> new CadenceReader(bodies, diagnostics).read(map, within));
  }

  private Optional<Body> body(Mapping pattern, String key) {
    Optional<Entry> entry = pattern.entry(key);
    if (entry.isPresent() && entry.get().value() instanceof Mapping map) {
      keys.refuseUnknown(map, BodyReader.KEYS, "'" + key + "'");
    }
    Optional<Body> body = entry.flatMap(e -> bodies.read(e.value(), key));
    if (body.isPresent() && body.get() instanceof Body.All all) {
      diagnostics.add(
          DiagnosticCode.STEP_BODY,
          all.place(),
          "'" + key + "' looks at single events",
          "write rule:, or any: with a list");
    }
    return body;
  }

  private Map<String, Map<Scalar, String>> aliases(Mapping pattern) {
    Map<String, Map<Scalar, String>> aliases = new LinkedHashMap<>();
    keys.mapping(pattern, "aliases")
        .ifPresent(map -> map.entries().forEach(e -> aliases.put(e.key().text(), alias(map, e))));
    return aliases;
  }

  private Map<Scalar, String> alias(Mapping aliases, Entry alias) {
    Map<Scalar, String> fields = new LinkedHashMap<>();
    keys.mapping(aliases, alias.key().text())
        .ifPresent(
            map -> {
              for (Entry entry : map.entries()) {
                keys.scalar(map, entry.key().text())
                    .ifPresent(field -> fields.put(entry.key(), field.text()));
              }
            });
    return fields;
  }

  private AfterMatch afterMatch(Scalar scalar) {
    for (AfterMatch policy : AfterMatch.values()) {
      if (policy.text().equals(scalar.text())) {
        return policy;
      }
    }
    List<String> known = Arrays.stream(AfterMatch.values()).map(AfterMatch::text).toList();
    diagnostics.add(
        DiagnosticCode.PATTERN_SYNTAX,
        scalar.place(),
        "unknown after-match policy '" + scalar.text() + "'",
        Suggestion.didYouMean(scalar.text(), known, "one of " + String.join(", ", known)));
    return AfterMatch.SKIP_PAST_LAST;
  }
}
