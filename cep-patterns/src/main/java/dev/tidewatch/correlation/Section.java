package dev.tidewatch.correlation;

import static dev.tidewatch.diagnostic.DiagnosticCode.MISSING_KEY;
import static dev.tidewatch.diagnostic.DiagnosticCode.STATEFUL_KEY;
import static dev.tidewatch.diagnostic.DiagnosticCode.WRONG_TYPE;

import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A map of a correlation, and what is wrong with it. */
record Section(Mapping mapping, Place place, Diagnostics diagnostics) {
  /** Refuses keys other than {@code known}. */
  void allow(List<String> known) {
    for (Entry entry : mapping.entries()) {
      String key = entry.key().text();
      if (!known.contains(key)) {
        error(
            STATEFUL_KEY,
            entry.key().place(),
            "unknown key '" + key + "'",
            key.equals("timeframe")
                ? "did you mean 'timespan'?"
                : Suggestion.didYouMean(key, known, "one of " + String.join(", ", known)));
      }
    }
  }

  Optional<Entry> entry(String key) {
    return mapping.entry(key);
  }

  /** The entry; says so when there is none. */
  Optional<Entry> required(String key, String remedy) {
    Optional<Entry> entry = mapping.entry(key);
    if (entry.isEmpty()) {
      error(MISSING_KEY, place, "'" + key + "' is missing", remedy);
    }
    return entry;
  }

  /** A value that is a text (or number), not empty. */
  Optional<Scalar> text(Entry entry) {
    return text(entry.value(), entry.key().text());
  }

  private Optional<Scalar> text(YamlNode node, String key) {
    if (node instanceof Scalar scalar && !scalar.isNull() && !scalar.text().isBlank()) {
      return Optional.of(scalar);
    }
    boolean empty = node instanceof Scalar;
    error(
        WRONG_TYPE,
        node.place(),
        "'" + key + "' must be text, not " + (empty ? "empty" : node.kindName()),
        "");
    return Optional.empty();
  }

  /** A list of texts; a single one counts as a list of one. */
  List<Scalar> texts(Entry entry) {
    List<YamlNode> nodes =
        entry.value() instanceof Sequence sequence ? sequence.items() : List.of(entry.value());
    List<Scalar> texts = new ArrayList<>();
    nodes.forEach(node -> text(node, entry.key().text()).ifPresent(texts::add));
    return texts;
  }

  void error(DiagnosticCode code, Place at, String message, String remedy) {
    diagnostics.add(code, at, message, remedy);
  }
}
