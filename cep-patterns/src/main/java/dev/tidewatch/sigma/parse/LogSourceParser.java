package dev.tidewatch.sigma.parse;

import static dev.tidewatch.diagnostic.DiagnosticCode.MISSING_LOGSOURCE;
import static dev.tidewatch.diagnostic.DiagnosticCode.MISSPELT_KEY;
import static dev.tidewatch.diagnostic.DiagnosticCode.WRONG_TYPE;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code logsource}. Attributes besides Sigma's four are allowed and say nothing to us. */
final class LogSourceParser {
  private static final List<String> KNOWN = List.of("category", "product", "service", "definition");

  private final Diagnostics diagnostics;

  LogSourceParser(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /** {@link LogSource#UNKNOWN} where it has an error. */
  LogSource parse(Mapping rule) {
    Optional<Entry> entry = rule.entry("logsource");
    if (entry.isEmpty()) {
      diagnostics.add(
          MISSING_LOGSOURCE,
          rule.place(),
          "the rule has no logsource",
          "add logsource:, with product, category or service");
      return LogSource.UNKNOWN;
    }
    if (!(entry.get().value() instanceof Mapping mapping)) {
      diagnostics.add(
          WRONG_TYPE,
          entry.get().value().place(),
          "'logsource' must be a map, not " + entry.get().value().kindName());
      return LogSource.UNKNOWN;
    }
    return read(mapping, entry.get());
  }

  private LogSource read(Mapping mapping, Entry entry) {
    mapping.entries().forEach(this::unknownKey);
    LogSource source =
        new LogSource(
            text(mapping, "product"), text(mapping, "category"), text(mapping, "service"));
    if (source.equals(LogSource.UNKNOWN)) {
      diagnostics.add(
          MISSING_LOGSOURCE,
          entry.key().place(),
          "the logsource names no product, category or service",
          "name one at least: the rule would look at every event");
    }
    return source;
  }

  private void unknownKey(Entry entry) {
    String key = entry.key().text();
    String nearest = KNOWN.contains(key) ? "" : Suggestion.nearest(key, KNOWN);
    if (!nearest.isEmpty()) {
      diagnostics.add(
          MISSPELT_KEY,
          entry.key().place(),
          "unknown attribute '" + key + "' is ignored",
          "did you mean '" + nearest + "'?");
    }
  }

  private String text(Mapping mapping, String key) {
    Optional<Entry> entry = mapping.entry(key);
    if (entry.isEmpty()) {
      return "";
    }
    if (entry.get().value() instanceof Scalar scalar) {
      return scalar.isNull() ? "" : scalar.text().strip().toLowerCase(Locale.ROOT);
    }
    diagnostics.add(
        WRONG_TYPE,
        entry.get().value().place(),
        "'" + key + "' must be text, not " + entry.get().value().kindName());
    return "";
  }
}
