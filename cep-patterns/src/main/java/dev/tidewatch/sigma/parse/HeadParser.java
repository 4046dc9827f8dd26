package dev.tidewatch.sigma.parse;

import static dev.tidewatch.diagnostic.DiagnosticCode.BAD_DATE;
import static dev.tidewatch.diagnostic.DiagnosticCode.BAD_ID;
import static dev.tidewatch.diagnostic.DiagnosticCode.IGNORED_ATTRIBUTE;
import static dev.tidewatch.diagnostic.DiagnosticCode.MISSING_ID;
import static dev.tidewatch.diagnostic.DiagnosticCode.MISSING_LEVEL;
import static dev.tidewatch.diagnostic.DiagnosticCode.MISSING_TITLE;
import static dev.tidewatch.diagnostic.DiagnosticCode.MISSPELT_KEY;
import static dev.tidewatch.diagnostic.DiagnosticCode.STATEFUL_KEY;
import static dev.tidewatch.diagnostic.DiagnosticCode.TITLE_TOO_LONG;
import static dev.tidewatch.diagnostic.DiagnosticCode.UNKNOWN_LEVEL;
import static dev.tidewatch.diagnostic.DiagnosticCode.UNKNOWN_STATUS;
import static dev.tidewatch.diagnostic.DiagnosticCode.WRONG_TYPE;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlNode.Sequence;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a rule's attributes other than its detection. */
final class HeadParser {
  private static final int MAX_TITLE = 256;
  private static final List<String> LEVELS =
      List.of("informational", "low", "medium", "high", "critical");
  private static final List<String> STATUSES =
      List.of("stable", "test", "experimental", "deprecated", "unsupported");
  private static final List<String> KNOWN =
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
          "logsource",
          "detection",
          "fields",
          "falsepositives",
          "level",
          "tags",
          "scope",
          "filter",
          "correlation",
          "pattern",
          "generate",
          "suppress",
          "lateness",
          "regression_tests_path",
          "simulation");
  private static final Set<String> REQUIRED_ELSEWHERE =
      Set.of("logsource", "detection", "filter", "correlation", "pattern");
  private static final Pattern UUID =
      Pattern.compile(
          "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  private final Mapping rule;
  private final Diagnostics diagnostics;

  HeadParser(Mapping rule, Diagnostics diagnostics) {
    this.rule = rule;
    this.diagnostics = diagnostics;
  }

  /**
   * @param fallbackId for a rule without an id
   */
  RuleHead parse(String fallbackId, LogSource logSource) {
    unknownKeys();
    date("date");
    date("modified");
    Place idPlace = rule.entry("id").map(e -> e.value().place()).orElse(rule.place());
    return new RuleHead(
        id(fallbackId),
        idPlace,
        text("name"),
        title(),
        text("description"),
        authors(),
        status(),
        level(),
        logSource,
        tags(),
        texts("falsepositives"),
        texts("references"));
  }

  private void unknownKeys() {
    for (Entry entry : rule.entries()) {
      String key = entry.key().text();
      String nearest = KNOWN.contains(key) ? "" : Suggestion.nearest(key, KNOWN);
      if (!nearest.isEmpty() && !(rule.has(nearest) && !REQUIRED_ELSEWHERE.contains(nearest))) {
        boolean stateful = rule.has("correlation") || rule.has("pattern");
        diagnostics.add(
            stateful ? STATEFUL_KEY : MISSPELT_KEY,
            entry.key().place(),
            "unknown attribute '" + key + (stateful ? "'" : "' is ignored"),
            "did you mean '" + nearest + "'?");
      }
    }
  }

  private String title() {
    Optional<Scalar> title = scalar("title", true);
    if (title.isEmpty() || title.get().text().isBlank()) {
      if (!rule.has("title") || title.isPresent()) {
        diagnostics.add(
            MISSING_TITLE, rule.place(), "the rule has no title", "add title: what it detects");
      }
      return "";
    }
    if (title.get().text().length() > MAX_TITLE) {
      diagnostics.add(
          TITLE_TOO_LONG,
          title.get().place(),
          "the title is longer than " + MAX_TITLE + " characters",
          "move the rest to the description");
    }
    return title.get().text().strip();
  }

  private String id(String fallback) {
    Optional<Scalar> id = scalar("id", true);
    if (id.isEmpty() || id.get().text().isBlank()) {
      diagnostics.add(
          MISSING_ID,
          rule.place(),
          "the rule has no id; '" + fallback + "' stands in",
          "add a UUID");
      return fallback;
    }
    if (!UUID.matcher(id.get().text()).matches()) {
      diagnostics.add(
          BAD_ID, id.get().place(), "'" + id.get().text() + "' is no UUID", "use a random UUID");
    }
    return id.get().text().strip();
  }

  private String level() {
    Optional<Scalar> level = scalar("level", true);
    if (level.isEmpty()) {
      if (!rule.has("level") && !rule.has("filter")) {
        diagnostics.add(
            MISSING_LEVEL,
            rule.place(),
            "the rule has no level; it alerts as medium",
            "add level:");
      }
      return "medium";
    }
    if (!LEVELS.contains(level.get().text())) {
      unknown(UNKNOWN_LEVEL, level.get(), "level", LEVELS);
    }
    return level.get().text();
  }

  private String status() {
    Optional<Scalar> status = scalar("status", true);
    if (status.isEmpty()) {
      return "";
    }
    String text = status.get().text();
    if (!STATUSES.contains(text)) {
      unknown(UNKNOWN_STATUS, status.get(), "status", STATUSES);
    }
    return text;
  }

  private void unknown(
      dev.tidewatch.diagnostic.DiagnosticCode code, Scalar value, String what, List<String> known) {
    diagnostics.add(
        code,
        value.place(),
        "unknown " + what + " '" + value.text() + "'",
        Suggestion.didYouMean(value.text(), known, "one of " + String.join(", ", known)));
  }

  private List<String> tags() {
    List<String> tags = new ArrayList<>();
    rule.entry("tags")
        .ifPresent(
            entry -> {
              for (Scalar tag : scalars(entry)) {
                TagCheck.check(tag, diagnostics);
                tags.add(tag.text());
              }
            });
    return tags;
  }

  private void date(String key) {
    Optional<Scalar> date = scalar(key, false);
    if (date.isPresent() && !isDay(date.get().text())) {
      diagnostics.add(
          BAD_DATE,
          date.get().place(),
          "'" + date.get().text() + "' is no date",
          "write a day of the calendar as YYYY-MM-DD");
    }
  }

  private static boolean isDay(String text) {
    try {
      return DATE.matcher(text).matches() && LocalDate.parse(text) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private String authors() {
    return rule.entry("author").map(e -> String.join(", ", texts("author"))).orElse("");
  }

  private String text(String key) {
    return scalar(key, false).map(s -> s.text().strip()).orElse("");
  }

  private List<String> texts(String key) {
    return rule.entry(key)
        .map(entry -> scalars(entry).stream().map(Scalar::text).toList())
        .orElse(List.of());
  }

  private Optional<Scalar> scalar(String key, boolean essential) {
    Optional<Entry> entry = rule.entry(key);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    if (entry.get().value() instanceof Scalar scalar) {
      return scalar.isNull() && !essential ? Optional.empty() : Optional.of(scalar);
    }
    wrongType(entry.get(), "text", essential);
    return Optional.empty();
  }

  /** A list of texts; a single text counts as a list of one. */
  private List<Scalar> scalars(Entry entry) {
    List<YamlNode> nodes =
        entry.value() instanceof Sequence sequence ? sequence.items() : List.of(entry.value());
    List<Scalar> scalars = new ArrayList<>();
    for (YamlNode node : nodes) {
      if (node instanceof Scalar scalar) {
        if (!scalar.isNull()) {
          scalars.add(scalar);
        }
      } else {
        wrongType(new Entry(entry.key(), node), "a list of texts", false);
      }
    }
    return scalars;
  }

  private void wrongType(Entry entry, String expected, boolean essential) {
    diagnostics.add(
        essential ? WRONG_TYPE : IGNORED_ATTRIBUTE,
        entry.value().place(),
        "'" + entry.key().text() + "' must be " + expected + ", not " + entry.value().kindName(),
        "");
  }
}
