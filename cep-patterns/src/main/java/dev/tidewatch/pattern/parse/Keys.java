package dev.tidewatch.pattern.parse;

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
import java.util.Locale;
import java.util.Optional;

/** Reads values of known shapes out of maps, and says which keys are none. */
final class Keys {
  private final Diagnostics diagnostics;

  Keys(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /**
   * @param where for the message: {@code a pattern}, {@code the step 'a'}
   */
  void refuseUnknown(Mapping mapping, List<String> known, String where) {
    for (Entry entry : mapping.entries()) {
      String key = entry.key().text();
      if (!known.contains(key)) {
        diagnostics.add(
            DiagnosticCode.STATEFUL_KEY,
            entry.key().place(),
            "'" + key + "' is no key of " + where,
            Suggestion.didYouMean(key, known, "one of " + String.join(", ", known)));
      }
    }
  }

  void wrongType(YamlNode node, String key, String expected) {
    diagnostics.add(
        DiagnosticCode.WRONG_TYPE,
        node.place(),
        "'" + key + "' must be " + expected + ", not " + node.kindName());
  }

  /** A map under {@code key}; its absence is no error. */
  Optional<Mapping> mapping(Mapping in, String key) {
    Optional<Entry> entry = in.entry(key);
    if (entry.isPresent() && !(entry.get().value() instanceof Mapping)) {
      wrongType(entry.get().value(), key, "a map");
    }
    return entry.map(Entry::value).filter(Mapping.class::isInstance).map(Mapping.class::cast);
  }

  /** A text or number under {@code key}. */
  Optional<Scalar> scalar(Mapping in, String key) {
    Optional<Entry> entry = in.entry(key);
    if (entry.isPresent() && !isText(entry.get().value())) {
      wrongType(entry.get().value(), key, "text");
    }
    return entry.map(Entry::value).filter(Keys::isText).map(Scalar.class::cast);
  }

  private static boolean isText(YamlNode node) {
    return node instanceof Scalar scalar && !scalar.isNull() && !scalar.text().isBlank();
  }

  /** A list of texts; a single text counts as a list of one. */
  List<Scalar> scalars(Mapping in, String key) {
    Optional<Entry> entry = in.entry(key);
    if (entry.isEmpty()) {
      return List.of();
    }
    List<YamlNode> nodes =
        entry.get().value() instanceof Sequence sequence
            ? sequence.items()
            : List.of(entry.get().value());
    List<Scalar> texts = new ArrayList<>();
    for (YamlNode node : nodes) {
      if (isText(node)) {
        texts.add((Scalar) node);
      } else {
        wrongType(node, key, "a list of texts");
      }
    }
    return texts;
  }

  boolean flag(Mapping in, String key) {
    Optional<Scalar> scalar = scalar(in, key);
    String text = scalar.map(s -> s.text().toLowerCase(Locale.ROOT)).orElse("false");
    if (!text.equals("true") && !text.equals("false")) {
      scalar.ifPresent(s -> wrongType(s, key, "true or false"));
    }
    return text.equals("true");
  }

  /** Where the value of {@code key} stands; the map's place where there is none. */
  static Place place(Mapping in, String key) {
    return in.entry(key).map(e -> e.value().place()).orElse(in.place());
  }
}
