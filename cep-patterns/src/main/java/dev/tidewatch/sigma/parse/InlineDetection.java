package dev.tidewatch.sigma.parse;

import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code logsource} and {@code detection} where they stand inside a pattern. */
public final class InlineDetection {
  private InlineDetection() {}

  /**
   * @param body the map that has both keys; others in it are not looked at
   * @param head of the document around it; title, level and so on are its
   * @param name of this detection inside the document; its id is {@code <head.id>#<name>}
   * @param valueLists what {@code expand} puts in for a placeholder
   * @return empty if there was an error
   */
  public static Optional<ParsedDocument.Rule> read(
      Mapping body,
      RuleHead head,
      String name,
      Map<String, List<String>> valueLists,
      Diagnostics diagnostics) {
    int before = diagnostics.errors();
    LogSource logSource = new LogSourceParser(diagnostics).parse(body);
    Entry detection = body.entry("detection").orElse(null);
    if (detection == null || !(detection.value() instanceof Mapping section)) {
      diagnostics.add(
          detection == null ? DiagnosticCode.MISSING_DETECTION : DiagnosticCode.WRONG_TYPE,
          detection == null ? body.place() : detection.value().place(),
          detection == null ? "'" + name + "' has no detection" : "'detection' must be a map",
          "write detection: with selections and a condition");
      return Optional.empty();
    }
    Optional<Detection> parsed =
        new DetectionParser(valueLists, diagnostics).parse(section, Set.of("condition"));
    return diagnostics.errors() > before
        ? Optional.empty()
        : parsed.map(d -> new ParsedDocument.Rule(headOf(head, name, body, logSource), d));
  }

  private static RuleHead headOf(RuleHead head, String name, Mapping body, LogSource logSource) {
    return new RuleHead(
        head.id() + "#" + name,
        body.place(),
        "",
        head.title() + ": " + name,
        head.description(),
        head.author(),
        head.status(),
        head.level(),
        logSource,
        head.tags(),
        head.falsePositives(),
        head.references());
  }
}
