package dev.tidewatch.correlation;

import static dev.tidewatch.diagnostic.DiagnosticCode.CORRELATION_LIMIT;
import static dev.tidewatch.diagnostic.DiagnosticCode.CORRELATION_TYPE;
import static dev.tidewatch.diagnostic.DiagnosticCode.DUPLICATE_REFERENCE;
import static dev.tidewatch.diagnostic.DiagnosticCode.MISSING_KEY;
import static dev.tidewatch.diagnostic.DiagnosticCode.WITHOUT_GROUP;
import static dev.tidewatch.diagnostic.DiagnosticCode.WRONG_TYPE;

import dev.tidewatch.correlation.CorrelationPlan.Condition;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.remember.StatefulDocument;
import dev.tidewatch.sigma.parse.StatefulHead;
import dev.tidewatch.sigma.parse.Timespan;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads documents with {@code correlation:}. */
public final class CorrelationParser {
  private static final int MAX_GROUP_BY = 16;
  private static final List<String> KEYS =
      List.of(
          "type", "rules", "group-by", "timespan", "condition", "aliases", "window", "generate");

  private final Diagnostics diagnostics;

  public CorrelationParser(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /**
   * @param fallbackId id of a document that has none
   * @return empty if the document has an error
   */
  public Optional<StatefulDocument> parse(Mapping document, String fallbackId) {
    int before = diagnostics.errors();
    StatefulHead head = StatefulHead.read(document, fallbackId, diagnostics);
    Optional<Entry> entry = document.entry("correlation");
    if (entry.isEmpty() || !(entry.get().value() instanceof Mapping mapping)) {
      diagnostics.add(
          WRONG_TYPE,
          entry.map(e -> e.value().place()).orElse(document.place()),
          "'correlation' must be a map with type, rules and timespan");
      return Optional.empty();
    }
    Section section = new Section(mapping, entry.get().key().place(), diagnostics);
    Optional<StatefulDocument> read = correlation(section, head);
    return diagnostics.errors() == before ? read : Optional.empty();
  }

  private Optional<StatefulDocument> correlation(Section section, StatefulHead head) {
    section.allow(KEYS);
    List<Scalar> rules = rules(section);
    List<Scalar> groupBy = groupBy(section);
    Optional<Duration> timespan =
        section
            .required("timespan", "timespan: 10m")
            .flatMap(e -> Timespan.read(e.value(), "timespan", diagnostics));
    Optional<CorrelationType> type =
        section
            .required("type", "one of " + String.join(", ", CorrelationType.texts()))
            .flatMap(section::text)
            .flatMap(this::type);
    if (type.isEmpty()) {
      return Optional.empty();
    }
    ConditionReader conditions = new ConditionReader(type.get(), rules, diagnostics);
    Optional<Condition> condition = conditions.read(section.entry("condition"), section.place());
    Optional<Windowing> windowing =
        new WindowReader(type.get(), timespan.orElse(Duration.ofMinutes(1)), diagnostics)
            .read(section.entry("window"));
    Aliases aliases =
        Aliases.read(
            section.entry("aliases"), rules, named(groupBy, conditions.fields()), diagnostics);
    if (condition.isEmpty() || windowing.isEmpty()) {
      return Optional.empty();
    }
    CorrelationPlan plan =
        new CorrelationPlan(
            type.get(),
            rules.size(),
            conditions.fields().stream().map(Scalar::text).toList(),
            windowing.get(),
            condition.get());
    return Optional.of(
        new CorrelationDocument(head, generate(section), rules, groupBy, aliases, plan));
  }

  private Optional<CorrelationType> type(Scalar text) {
    Optional<CorrelationType> type = CorrelationType.of(text.text());
    if (type.isEmpty()) {
      String lower = text.text().toLowerCase(Locale.ROOT);
      diagnostics.add(
          CORRELATION_TYPE,
          text.place(),
          "unknown correlation type '" + text.text() + "'",
          switch (lower) {
            case "temporal_extended" -> "type: temporal takes an expression as its condition";
            case "value_median" -> "type: value_percentile, with percentile: 50";
            default ->
                Suggestion.didYouMean(
                    text.text(),
                    CorrelationType.texts(),
                    "one of " + String.join(", ", CorrelationType.texts()));
          });
    }
    return type;
  }

  private List<Scalar> rules(Section section) {
    Optional<Entry> entry = section.required("rules", "rules: ids or names of rules");
    List<Scalar> rules = entry.map(section::texts).orElse(List.of());
    if (entry.isPresent() && rules.isEmpty()) {
      section.error(MISSING_KEY, entry.get().key().place(), "'rules' names no rule", "");
    }
    if (rules.size() > CorrelationPlan.MAX_MEMBERS) {
      section.error(
          CORRELATION_LIMIT,
          rules.get(CorrelationPlan.MAX_MEMBERS).place(),
          "a correlation refers to at most " + CorrelationPlan.MAX_MEMBERS + " rules",
          "put some of them together in one rule, or chain correlations");
    }
    refuseTwice(rules);
    return rules;
  }

  private void refuseTwice(List<Scalar> rules) {
    Set<String> seen = new HashSet<>();
    for (Scalar rule : rules) {
      if (!seen.add(rule.text())) {
        diagnostics.add(
            DUPLICATE_REFERENCE,
            rule.place(),
            "'" + rule.text() + "' is in the list already",
            "to ask for it twice, count it: event_count with gte: 2");
      }
    }
  }

  private List<Scalar> groupBy(Section section) {
    Optional<Entry> entry = section.entry("group-by");
    List<Scalar> groupBy = entry.map(section::texts).orElse(List.of());
    if (entry.isEmpty()) {
      diagnostics.add(
          WITHOUT_GROUP,
          section.place(),
          "there is no group-by: all matches of the tenant are looked at together",
          "group-by: [FIELD, …] for a window of each user, host or address");
    }
    if (groupBy.size() > MAX_GROUP_BY) {
      section.error(
          CORRELATION_LIMIT,
          groupBy.get(MAX_GROUP_BY).place(),
          "group-by takes at most " + MAX_GROUP_BY + " fields",
          "");
    }
    Set<String> seen = new HashSet<>();
    for (Scalar field : groupBy) {
      if (!seen.add(field.text())) {
        section.error(
            CORRELATION_LIMIT,
            field.place(),
            "'" + field.text() + "' is in group-by already",
            "remove it");
      }
    }
    return groupBy;
  }

  private static Set<String> named(List<Scalar> groupBy, List<Scalar> fields) {
    Set<String> named = new LinkedHashSet<>();
    groupBy.forEach(field -> named.add(field.text()));
    fields.forEach(field -> named.add(field.text()));
    return named;
  }

  /** Sigma's schema has it at the document's head, some of its examples have it here. */
  private boolean generate(Section section) {
    Optional<Entry> entry = section.entry("generate");
    if (entry.isPresent()
        && !(entry.get().value() instanceof Scalar scalar
            && scalar.kind() == Scalar.Kind.BOOLEAN)) {
      section.error(
          WRONG_TYPE, entry.get().value().place(), "'generate' must be true or false", "");
    }
    return entry.isPresent()
        && entry.get().value() instanceof Scalar scalar
        && Boolean.parseBoolean(scalar.text());
  }
}
