package dev.tidewatch.sigma.parse;

import static dev.tidewatch.diagnostic.DiagnosticCode.ACTION_DOCUMENT;
import static dev.tidewatch.diagnostic.DiagnosticCode.MISSING_DETECTION;
import static dev.tidewatch.diagnostic.DiagnosticCode.MISSING_FILTER;
import static dev.tidewatch.diagnostic.DiagnosticCode.NOT_A_RULE;
import static dev.tidewatch.diagnostic.DiagnosticCode.UNSUPPORTED_STATUS;
import static dev.tidewatch.diagnostic.DiagnosticCode.WRONG_TYPE;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the documents of one rule file, one after the other. */
public final class RuleParser {
  private final Map<String, List<String>> valueLists;
  private final Diagnostics diagnostics;
  private boolean actionSeen;

  /**
   * @param valueLists what {@code expand} puts in for a placeholder
   */
  public RuleParser(Map<String, List<String>> valueLists, Diagnostics diagnostics) {
    this.valueLists = valueLists;
    this.diagnostics = diagnostics;
  }

  /** Whether a document is a correlation or a pattern, which are read elsewhere. */
  public boolean isStateful(YamlNode root) {
    return root instanceof Mapping mapping
        && !actionSeen
        && !mapping.has("action")
        && (mapping.has("correlation") || mapping.has("pattern"));
  }

  /**
   * Reads a detection rule or a filter.
   *
   * @param fallbackId id of a rule that has none
   * @return empty if the document has an error
   */
  public Optional<ParsedDocument> parse(YamlNode root, String fallbackId) {
    if (!(root instanceof Mapping mapping)) {
      diagnostics.add(
          NOT_A_RULE,
          root.place(),
          "a rule is a map, this is " + root.kindName(),
          "a rule begins with title:, and has logsource: and detection:");
      return Optional.empty();
    }
    if (mapping.has("action") || actionSeen) {
      return refuseAction(mapping);
    }
    return mapping.has("filter") && !mapping.has("detection")
        ? filter(mapping, fallbackId)
        : rule(mapping, fallbackId);
  }

  private Optional<ParsedDocument> rule(Mapping mapping, String fallbackId) {
    int before = diagnostics.errors();
    RuleHead head = head(mapping, fallbackId);
    Optional<Detection> detection =
        section(mapping, "detection", MISSING_DETECTION)
            .flatMap(s -> detections().parse(s, Set.of("condition", "timeframe")));
    if (diagnostics.errors() == before) {
      refuseUnsupported(mapping, head);
    }
    return detection.isPresent() && diagnostics.errors() == before
        ? Optional.of(new ParsedDocument.Rule(head, detection.get()))
        : Optional.empty();
  }

  /** Said only where nothing else says why the rule cannot run. */
  private void refuseUnsupported(Mapping mapping, RuleHead head) {
    if (head.status().equals("unsupported")) {
      diagnostics.add(
          UNSUPPORTED_STATUS,
          mapping.entry("status").map(e -> e.value().place()).orElse(mapping.place()),
          "the rule is marked unsupported: its author says that it cannot be used as it is",
          "where the detection is complete, set status: experimental");
    }
  }

  private Optional<ParsedDocument> filter(Mapping mapping, String fallbackId) {
    int before = diagnostics.errors();
    RuleHead head = head(mapping, fallbackId);
    Optional<Mapping> section = section(mapping, "filter", MISSING_FILTER);
    Optional<Detection> detection =
        section.flatMap(s -> detections().parse(s, Set.of("condition", "rules")));
    List<Scalar> rules = section.flatMap(s -> s.entry("rules")).map(this::names).orElse(List.of());
    return detection.isPresent() && diagnostics.errors() == before
        ? Optional.of(new ParsedDocument.Filter(head, rules, detection.get()))
        : Optional.empty();
  }

  private RuleHead head(Mapping mapping, String fallbackId) {
    LogSource logSource = new LogSourceParser(diagnostics).parse(mapping);
    return new HeadParser(mapping, diagnostics).parse(fallbackId, logSource);
  }

  private DetectionParser detections() {
    return new DetectionParser(valueLists, diagnostics);
  }

  private Optional<Mapping> section(
      Mapping mapping, String key, dev.tidewatch.diagnostic.DiagnosticCode missing) {
    Optional<Entry> entry = mapping.entry(key);
    if (entry.isEmpty()) {
      diagnostics.add(
          missing, mapping.place(), "the rule has no " + key, "add " + key + ": with a condition");
      return Optional.empty();
    }
    if (entry.get().value() instanceof Mapping section) {
      return Optional.of(section);
    }
    diagnostics.add(
        WRONG_TYPE,
        entry.get().key().place(),
        "'" + key + "' must be a map, not " + entry.get().value().kindName());
    return Optional.empty();
  }

  /** {@code rules: any} is every rule, as is an empty list. */
  private List<Scalar> names(Entry entry) {
    List<YamlNode> nodes =
        entry.value() instanceof Sequence sequence ? sequence.items() : List.of(entry.value());
    List<Scalar> names = new ArrayList<>();
    for (YamlNode node : nodes) {
      if (!(node instanceof Scalar scalar)) {
        diagnostics.add(
            WRONG_TYPE, node.place(), "'rules' must list ids or names, not " + node.kindName());
      } else if (!scalar.isNull() && !scalar.text().equals("any")) {
        names.add(scalar);
      }
    }
    return names;
  }

  /** All documents after a global one lean on it, so none of them is a rule. */
  private Optional<ParsedDocument> refuseAction(Mapping mapping) {
    Place place = mapping.entry("action").map(e -> e.key().place()).orElse(mapping.place());
    diagnostics.add(
        ACTION_DOCUMENT,
        place,
        actionSeen
            ? "this document completes an action document, and those were removed from Sigma"
            : "action documents were removed from Sigma",
        "write every rule whole, one document each, and join them with a correlation");
    actionSeen = true;
    return Optional.empty();
  }
}
