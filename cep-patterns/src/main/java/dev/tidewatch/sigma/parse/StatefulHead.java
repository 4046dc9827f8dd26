package dev.tidewatch.sigma.parse;

import static dev.tidewatch.diagnostic.DiagnosticCode.STATEFUL_KEY;
import static dev.tidewatch.diagnostic.DiagnosticCode.UNSUPPORTED_STATUS;
import static dev.tidewatch.diagnostic.DiagnosticCode.WRONG_TYPE;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The head of a correlation or a pattern: Sigma's, {@code generate}, and what we add to it.
 *
 * @param head its log source is {@link LogSource#UNKNOWN}
 * @param generate whether rules it refers to alert by themselves too (row 30)
 * @param suppress {@code suppress: 1h}; zero where it is absent
 * @param lateness {@code lateness: 5m}; empty where it is absent
 * @param latenessPlace where that stands
 */
public record StatefulHead(
    RuleHead head,
    boolean generate,
    Duration suppress,
    Optional<Duration> lateness,
    Place latenessPlace) {
  private static final List<String> OF_DETECTIONS = List.of("logsource", "fields", "detection");

  /**
   * Reads it. Whether there was an error is to be seen from {@code diagnostics}.
   *
   * @param fallbackId id of a document that has none
   */
  public static StatefulHead read(Mapping document, String fallbackId, Diagnostics diagnostics) {
    int before = diagnostics.errors();
    RuleHead head = new HeadParser(document, diagnostics).parse(fallbackId, LogSource.UNKNOWN);
    for (String key : OF_DETECTIONS) {
      document.entry(key).ifPresent(e -> refuseKey(e, diagnostics));
    }
    Optional<Entry> lateness = document.entry("lateness");
    StatefulHead read =
        new StatefulHead(
            head,
            document.entry("generate").map(e -> generate(e, diagnostics)).orElse(false),
            document
                .entry("suppress")
                .flatMap(e -> Timespan.read(e.value(), "suppress", diagnostics))
                .orElse(Duration.ZERO),
            lateness.flatMap(e -> Timespan.read(e.value(), "lateness", diagnostics)),
            lateness.map(e -> e.value().place()).orElse(document.place()));
    if (diagnostics.errors() == before && head.status().equals("unsupported")) {
      diagnostics.add(
          UNSUPPORTED_STATUS,
          document.entry("status").map(e -> e.value().place()).orElse(document.place()),
          "the rule is marked unsupported: its author says that it cannot be used as it is",
          "where it is complete, set status: experimental");
    }
    return read;
  }

  private static void refuseKey(Entry entry, Diagnostics diagnostics) {
    diagnostics.add(
        STATEFUL_KEY,
        entry.key().place(),
        "'" + entry.key().text() + "' belongs to detection rules",
        "the rules that this one refers to say what events they look at");
  }

  private static boolean generate(Entry entry, Diagnostics diagnostics) {
    if (entry.value() instanceof Scalar scalar
        && List.of("true", "false").contains(scalar.text().toLowerCase(Locale.ROOT))) {
      return Boolean.parseBoolean(scalar.text());
    }
    diagnostics.add(
        WRONG_TYPE,
        entry.value().place(),
        "'generate' must be true or false, not " + entry.value().kindName());
    return false;
  }
}
