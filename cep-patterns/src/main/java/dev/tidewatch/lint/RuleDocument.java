package dev.tidewatch.lint;

import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A rule's YAML: where things stand. */
record RuleDocument(Mapping root) {

  Place place() {
    return root.place();
  }

  boolean isRule() {
    return root.has("detection") && !root.has("correlation");
  }

  /** Whether it is a correlation or a pattern. */
  boolean isStateful() {
    return root.has("correlation") || root.has("pattern");
  }

  /** Empty for missing and null values, and for what is no text. */
  Optional<Scalar> scalar(String key) {
    return root.entry(key)
        .map(Entry::value)
        .filter(Scalar.class::isInstance)
        .map(Scalar.class::cast)
        .filter(scalar -> !scalar.isNull() && !scalar.text().isBlank());
  }

  /** Texts of a list; a single text counts as a list of one. */
  List<Scalar> scalars(String key) {
    List<Scalar> scalars = new ArrayList<>();
    for (YamlNode node : root.entry(key).map(e -> items(e.value())).orElse(List.of())) {
      if (node instanceof Scalar scalar && !scalar.isNull()) {
        scalars.add(scalar);
      }
    }
    return scalars;
  }

  List<YamlNode> items(String key) {
    return root.entry(key).map(e -> items(e.value())).orElse(List.of());
  }

  private static List<YamlNode> items(YamlNode node) {
    return node instanceof Sequence sequence ? sequence.items() : List.of(node);
  }

  /** The entries of the detection that are selections. */
  List<Entry> selections() {
    return detection()
        .map(d -> d.entries().stream().filter(e -> !isReserved(e.key().text())).toList())
        .orElse(List.of());
  }

  private static boolean isReserved(String key) {
    return key.equals("condition") || key.equals("timeframe");
  }

  private Optional<Mapping> detection() {
    return root.entry("detection")
        .map(Entry::value)
        .filter(Mapping.class::isInstance)
        .map(Mapping.class::cast);
  }

  Place ofCondition() {
    return detection()
        .flatMap(d -> d.entry("condition"))
        .map(e -> e.value().place())
        .orElse(place());
  }

  Place ofSelection(String name) {
    return detection().flatMap(d -> d.entry(name)).map(e -> e.key().place()).orElse(ofCondition());
  }

  /** The first value of a selection with this text; the selection's name if there is none. */
  Place ofValue(String selection, String text) {
    return detection()
        .flatMap(d -> d.entry(selection))
        .flatMap(e -> find(e.value(), text, 0))
        .orElseGet(() -> ofSelection(selection));
  }

  /** The last such value, for one that stands twice. */
  Place ofLastValue(String selection, String text) {
    List<Place> places = new ArrayList<>();
    detection().flatMap(d -> d.entry(selection)).ifPresent(e -> collect(e.value(), text, places));
    return places.isEmpty() ? ofSelection(selection) : places.get(places.size() - 1);
  }

  private static Optional<Place> find(YamlNode node, String text, int index) {
    List<Place> places = new ArrayList<>();
    collect(node, text, places);
    return places.size() > index ? Optional.of(places.get(index)) : Optional.empty();
  }

  private static void collect(YamlNode node, String text, List<Place> into) {
    if (node instanceof Scalar scalar) {
      if (scalar.text().equals(text)) {
        into.add(scalar.place());
      }
    } else if (node instanceof Sequence sequence) {
      sequence.items().forEach(item -> collect(item, text, into));
    } else {
      ((Mapping) node).entries().forEach(entry -> collect(entry.value(), text, into));
    }
  }
}
