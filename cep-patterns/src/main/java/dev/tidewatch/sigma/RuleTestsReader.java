package dev.tidewatch.sigma;

import static dev.tidewatch.diagnostic.DiagnosticCode.BAD_RULE_TESTS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.sigma.RuleTests.Case;
import dev.tidewatch.sigma.RuleTests.ExpectedField;
import dev.tidewatch.sigma.yaml.YamlDocument;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlNode.Sequence;
import dev.tidewatch.sigma.yaml.YamlReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one tests file. */
final class RuleTestsReader {
  private static final String MATCH = "should-match";
  private static final String NO_MATCH = "should-not-match";
  private static final String STREAMS = "streams";
  private static final Set<String> CASE_KEYS = Set.of("name", "event", "fields");

  private final RuleSource source;
  private final Diagnostics diagnostics;
  private final List<Case> cases = new ArrayList<>();
  private final StreamTestsReader streams;

  RuleTestsReader(RuleSource source) {
    this.source = source;
    this.diagnostics = new Diagnostics(source.file());
    this.streams = new StreamTestsReader(diagnostics);
  }

  RuleTests read() {
    List<YamlDocument> documents = YamlReader.read(source.text(), diagnostics);
    if (documents.size() != 1) {
      bad(Place.NONE, "rule tests are one YAML document, not " + documents.size(), "");
    }
    documents.stream().flatMap(d -> d.root().stream()).forEach(this::document);
    return new RuleTests(source.file(), cases, streams.tests(), diagnostics.found());
  }

  private void document(YamlNode root) {
    if (!(root instanceof Mapping mapping)) {
      bad(
          root.place(),
          "rule tests are a map, not " + root.kindName(),
          "begin with should-match: or streams:");
      return;
    }
    for (Entry entry : mapping.entries()) {
      String key = entry.key().text();
      if (key.equals(STREAMS)) {
        streams.read(entry.value());
      } else if (!key.equals(MATCH) && !key.equals(NO_MATCH)) {
        bad(
            entry.key().place(),
            "unknown key '" + key + "'",
            Suggestion.didYouMean(
                key,
                List.of(MATCH, NO_MATCH, STREAMS),
                String.join(", ", MATCH, NO_MATCH, STREAMS)));
      } else if (entry.value() instanceof Sequence sequence) {
        sequence.items().forEach(item -> testCase(item, key.equals(MATCH)));
      } else {
        bad(entry.value().place(), "'" + key + "' must be a list of events", "");
      }
    }
  }

  private void testCase(YamlNode node, boolean shouldMatch) {
    if (!(node instanceof Mapping mapping) || !mapping.has("event")) {
      bad(node.place(), "a test is a map with an event", "write - event: {...}");
      return;
    }
    for (Entry entry : mapping.entries()) {
      if (!CASE_KEYS.contains(entry.key().text())) {
        bad(entry.key().place(), "unknown key '" + entry.key().text() + "'", "name, event, fields");
      }
    }
    Optional<String> payload = mapping.entry("event").flatMap(e -> payload(e.value()));
    List<ExpectedField> fields = mapping.entry("fields").map(this::fields).orElse(List.of());
    String fallback = "event " + (cases.size() + 1);
    String name =
        mapping.entry("name").map(Entry::value).flatMap(RuleTestsReader::text).orElse(fallback);
    payload.ifPresent(p -> cases.add(new Case(name, shouldMatch, p, fields, node.place())));
  }

  /** A map is the event; a text is the payload as it is. */
  private Optional<String> payload(YamlNode event) {
    if (event instanceof Mapping) {
      return Optional.of(json(event).toString());
    }
    if (event instanceof Scalar scalar && scalar.kind() == Scalar.Kind.TEXT) {
      return Optional.of(scalar.text());
    }
    bad(event.place(), "an event is a map, or a text with JSON", "");
    return Optional.empty();
  }

  private List<ExpectedField> fields(Entry entry) {
    List<ExpectedField> fields = new ArrayList<>();
    if (entry.value() instanceof Mapping mapping) {
      mapping
          .entries()
          .forEach(e -> fields.add(new ExpectedField(e.key().text(), text(e.value()))));
    } else if (entry.value() instanceof Sequence sequence) {
      sequence
          .items()
          .forEach(i -> text(i).ifPresent(t -> fields.add(new ExpectedField(t, Optional.empty()))));
    } else {
      bad(entry.value().place(), "'fields' is a list of names, or a map of names to values", "");
    }
    return fields;
  }

  private static Optional<String> text(YamlNode node) {
    return node instanceof Scalar scalar ? Optional.of(scalar.text()) : Optional.empty();
  }

  static JsonNode json(YamlNode node) {
    JsonNodeFactory make = JsonNodeFactory.withExactBigDecimals(true);
    if (node instanceof Mapping mapping) {
      ObjectNode object = make.objectNode();
      mapping.entries().forEach(e -> object.set(e.key().text(), json(e.value())));
      return object;
    }
    if (node instanceof Sequence sequence) {
      ArrayNode array = make.arrayNode();
      sequence.items().forEach(item -> array.add(json(item)));
      return array;
    }
    Scalar scalar = (Scalar) node;
    return switch (scalar.kind()) {
      case TEXT -> make.textNode(scalar.text());
      case NUMBER -> number(make, scalar);
      case BOOLEAN -> make.booleanNode(scalar.text().equalsIgnoreCase("true"));
      case NULL -> make.nullNode();
    };
  }

  private static JsonNode number(JsonNodeFactory make, Scalar scalar) {
    BigDecimal number = scalar.number();
    return number.scale() <= 0 ? make.numberNode(number.toBigInteger()) : make.numberNode(number);
  }

  private void bad(Place place, String message, String remedy) {
    diagnostics.add(BAD_RULE_TESTS, place, message, remedy);
  }
}
