package dev.tidewatch.pattern.parse;

import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.pattern.parse.PatternTree.Body;
import dev.tidewatch.sigma.parse.InlineDetection;
import dev.tidewatch.sigma.parse.RuleHead;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what an event must fit: a rule, a detection, one of several, or all of several. */
final class BodyReader {
  static final List<String> KEYS = List.of("rule", "logsource", "detection", "any", "all");
  private static final String REMEDY =
      "write rule: with an id or name, logsource: with detection:, or any: or all: with a list";

  private final RuleHead head;
  private final Map<String, List<String>> valueLists;
  private final Diagnostics diagnostics;
  private final Keys keys;
  private final Set<String> inlineNames = new HashSet<>();

  BodyReader(RuleHead head, Map<String, List<String>> valueLists, Diagnostics diagnostics) {
    this.head = head;
    this.valueLists = valueLists;
    this.diagnostics = diagnostics;
    this.keys = new Keys(diagnostics);
  }

  /**
   * Reads the body keys of {@code node}; other keys in it are the caller's.
   *
   * @param name of the step, for messages and for detections written here
   */
  Optional<Body> read(YamlNode node, String name) {
    if (node instanceof Scalar scalar && !scalar.isNull() && !scalar.text().isBlank()) {
      return Optional.of(new Body.Reference(scalar));
    }
    if (!(node instanceof Mapping mapping)) {
      keys.wrongType(node, name, "a rule's id or name, or a map");
      return Optional.empty();
    }
    List<String> kinds = new ArrayList<>(KEYS.stream().filter(mapping::has).toList());
    if (kinds.contains("detection")) {
      kinds.remove("logsource");
    }
    if (kinds.size() != 1) {
      refuse(mapping, name, kinds);
      return Optional.empty();
    }
    return switch (kinds.get(0)) {
      case "rule" -> keys.scalar(mapping, "rule").map(Body.Reference::new);
      case "any" -> list(mapping, "any", name).map(Body.Any::new);
      case "all" -> list(mapping, "all", name).map(b -> new Body.All(mapping.place(), b));
      default -> inline(mapping, name);
    };
  }

  private void refuse(Mapping mapping, String name, List<String> kinds) {
    diagnostics.add(
        DiagnosticCode.STEP_BODY,
        mapping.place(),
        kinds.isEmpty()
            ? "'" + name + "' does not say what event it is"
            : "'" + name + "' has " + String.join(" and ", kinds) + ", and takes one",
        REMEDY);
  }

  private Optional<Body> inline(Mapping mapping, String name) {
    String unique = name;
    for (int i = 2; !inlineNames.add(unique); i++) {
      unique = name + "." + i;
    }
    String its = unique;
    return InlineDetection.read(mapping, head, its, valueLists, diagnostics)
        .map(rule -> new Body.Inline(its, mapping.place(), rule));
  }

  private Optional<List<Body>> list(Mapping mapping, String key, String name) {
    YamlNode value = mapping.entry(key).orElseThrow().value();
    if (!(value instanceof Sequence sequence) || sequence.items().isEmpty()) {
      keys.wrongType(value, key, "a list of rules");
      return Optional.empty();
    }
    List<Body> bodies = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      if (item instanceof Mapping map) {
        keys.refuseUnknown(map, KEYS, "a body in '" + key + "'");
      }
      Optional<Body> body = read(item, name);
      if (body.isPresent() && mayNest(body.get(), key)) {
        bodies.add(body.get());
      }
    }
    return bodies.isEmpty() ? Optional.empty() : Optional.of(bodies);
  }

  private boolean mayNest(Body body, String key) {
    if (body instanceof Body.All all) {
      diagnostics.add(
          DiagnosticCode.STEP_BODY,
          all.place(),
          "all stands inside " + key,
          "all: is a step's whole body; any: may stand inside it");
      return false;
    }
    return true;
  }
}
