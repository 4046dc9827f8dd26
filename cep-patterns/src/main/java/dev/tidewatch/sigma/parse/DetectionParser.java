package dev.tidewatch.sigma.parse;

import static dev.tidewatch.diagnostic.DiagnosticCode.MISSING_CONDITION;
import static dev.tidewatch.diagnostic.DiagnosticCode.MODIFIER_ON_SELECTION;
import static dev.tidewatch.diagnostic.DiagnosticCode.NESTED_VALUE;
import static dev.tidewatch.diagnostic.DiagnosticCode.NO_SELECTION;
import static dev.tidewatch.diagnostic.DiagnosticCode.NO_VALUE;
import static dev.tidewatch.diagnostic.DiagnosticCode.SELECTION_TYPE;
import static dev.tidewatch.diagnostic.DiagnosticCode.TIMEFRAME_WITHOUT_CORRELATION;
import static dev.tidewatch.diagnostic.DiagnosticCode.UNUSED_SELECTION;
import static dev.tidewatch.diagnostic.DiagnosticCode.WRONG_TYPE;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The {@code detection} of a rule, or the selections and condition of a filter. */
final class DetectionParser {
  private final ItemParser items;
  private final Diagnostics diagnostics;

  DetectionParser(Map<String, List<String>> valueLists, Diagnostics diagnostics) {
    this.items = new ItemParser(valueLists, diagnostics);
    this.diagnostics = diagnostics;
  }

  /**
   * @param reserved keys that are no selections
   * @return empty if anything in it has an error
   */
  Optional<Detection> parse(Mapping detection, Set<String> reserved) {
    int before = diagnostics.errors();
    Map<String, Scalar> names = new LinkedHashMap<>();
    Map<String, Search> selections = new LinkedHashMap<>();
    for (Entry entry : detection.entries()) {
      String name = entry.key().text();
      if (!reserved.contains(name)) {
        names.put(name, entry.key());
        warnOfModifier(entry.key());
        selection(entry).ifPresent(search -> selections.put(name, search));
      }
    }
    if (names.isEmpty()) {
      diagnostics.add(NO_SELECTION, detection.place(), "the detection has no selection", "");
    }
    Optional<Condition> condition = condition(detection, names);
    return condition.isPresent() && diagnostics.errors() == before
        ? Optional.of(new Detection(selections, condition.get()))
        : Optional.empty();
  }

  private void warnOfModifier(Scalar name) {
    int bar = name.text().indexOf('|');
    if (bar >= 0) {
      diagnostics.add(
          MODIFIER_ON_SELECTION,
          name.at(bar),
          "the | is part of the selection's name",
          "modifiers belong to fields: put '" + name.text().substring(bar) + "' after a field");
    }
  }

  private Optional<Search> selection(Entry entry) {
    YamlNode value = entry.value();
    if (value instanceof Mapping mapping) {
      return map(mapping);
    }
    if (value instanceof Sequence sequence) {
      return list(sequence);
    }
    Scalar scalar = (Scalar) value;
    if (scalar.isNull() || scalar.kind() == Scalar.Kind.BOOLEAN) {
      diagnostics.add(
          SELECTION_TYPE,
          entry.key().place(),
          "the selection '" + entry.key().text() + "' is " + scalar.kindName(),
          "give it a map of fields, or a list of keywords");
      return Optional.empty();
    }
    return items.keyword(scalar);
  }

  private Optional<Search> map(Mapping mapping) {
    if (mapping.entries().isEmpty()) {
      diagnostics.add(NO_VALUE, mapping.place(), "the map is empty", "");
      return Optional.empty();
    }
    List<Search> parts = new ArrayList<>();
    mapping.entries().forEach(entry -> items.parse(entry).ifPresent(parts::add));
    return parts.size() == mapping.entries().size()
        ? Optional.of(Search.every(parts))
        : Optional.empty();
  }

  private Optional<Search> list(Sequence sequence) {
    if (sequence.items().isEmpty()) {
      diagnostics.add(NO_VALUE, sequence.place(), "the list is empty", "");
      return Optional.empty();
    }
    List<Search> parts = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      listItem(item).ifPresent(parts::add);
    }
    return parts.size() == sequence.items().size()
        ? Optional.of(Search.any(parts))
        : Optional.empty();
  }

  private Optional<Search> listItem(YamlNode item) {
    if (item instanceof Mapping mapping) {
      return map(mapping);
    }
    if (item instanceof Scalar scalar) {
      return items.keyword(scalar);
    }
    diagnostics.add(
        NESTED_VALUE, item.place(), "a list inside a list", "write one list, or two selections");
    return Optional.empty();
  }

  private Optional<Condition> condition(Mapping detection, Map<String, Scalar> names) {
    Optional<Entry> entry = detection.entry("condition");
    if (entry.isEmpty()) {
      diagnostics.add(
          MISSING_CONDITION,
          detection.place(),
          "the detection has no condition",
          names.isEmpty() ? "" : "add condition: " + suggested(names));
      return Optional.empty();
    }
    String timeframe = detection.entry("timeframe").map(e -> textOf(e.value())).orElse("");
    ConditionParser parser =
        new ConditionParser(List.copyOf(names.keySet()), timeframe, diagnostics);
    List<Condition> conditions = new ArrayList<>();
    int before = diagnostics.errors();
    for (Scalar text : conditionTexts(entry.get())) {
      parser.parse(text).ifPresent(conditions::add);
    }
    if (diagnostics.errors() != before || conditions.isEmpty()) {
      return Optional.empty();
    }
    warnOfUnused(names, parser.used());
    detection.entry("timeframe").ifPresent(this::warnOfTimeframe);
    return Optional.of(conditions.size() == 1 ? conditions.get(0) : new Condition.Or(conditions));
  }

  private static String suggested(Map<String, Scalar> names) {
    return names.size() == 1 ? names.keySet().iterator().next() : "1 of them";
  }

  private static String textOf(YamlNode node) {
    return node instanceof Scalar scalar ? scalar.text() : "";
  }

  private List<Scalar> conditionTexts(Entry entry) {
    List<YamlNode> nodes =
        entry.value() instanceof Sequence sequence ? sequence.items() : List.of(entry.value());
    if (nodes.isEmpty()) {
      diagnostics.add(MISSING_CONDITION, entry.value().place(), "the condition is an empty list");
    }
    List<Scalar> texts = new ArrayList<>();
    for (YamlNode node : nodes) {
      if (node instanceof Scalar scalar && !scalar.isNull() && !scalar.text().isBlank()) {
        texts.add(scalar);
      } else if (node instanceof Scalar) {
        diagnostics.add(MISSING_CONDITION, node.place(), "the condition is empty");
      } else {
        diagnostics.add(
            WRONG_TYPE, node.place(), "the condition must be text, not " + node.kindName());
      }
    }
    return texts;
  }

  private void warnOfUnused(Map<String, Scalar> names, Set<String> used) {
    names.forEach(
        (name, key) -> {
          if (!used.contains(name)) {
            diagnostics.add(
                UNUSED_SELECTION,
                key.place(),
                "no condition uses the selection '" + name + "'",
                "use it, or drop it");
          }
        });
  }

  private void warnOfTimeframe(Entry timeframe) {
    diagnostics.add(
        TIMEFRAME_WITHOUT_CORRELATION,
        timeframe.key().place(),
        "timeframe is ignored here",
        "counting over time is written as a correlation with a timespan");
  }
}
