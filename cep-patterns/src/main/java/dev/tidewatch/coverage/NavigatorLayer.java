package dev.tidewatch.coverage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.attack.Attack;
import dev.tidewatch.attack.Technique;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A layer of the ATT&CK Navigator, format 4.5: a technique's score is the number of rules that are
 * tagged with it. Source of the format:
 * https://github.com/mitre-attack/attack-navigator/blob/master/layers/spec/v4.5/layerformat.md
 */
public final class NavigatorLayer {
  private static final int TITLES_SHOWN = 25;

  private NavigatorLayer() {}

  /**
   * @param name of the layer
   */
  public static ObjectNode of(List<ListedRule> rules, String name) {
    Map<String, List<ListedRule>> byTechnique = new TreeMap<>();
    TreeSet<String> unknown = new TreeSet<>();
    for (ListedRule rule : rules) {
      for (String id : new TreeSet<>(rule.techniqueIds())) {
        if (Attack.technique(id).isPresent()) {
          byTechnique.computeIfAbsent(id, key -> new ArrayList<>()).add(rule);
        } else {
          unknown.add(id);
        }
      }
    }
    return layer(name, description(rules, byTechnique, unknown), byTechnique);
  }

  private static String description(
      List<ListedRule> rules, Map<String, List<ListedRule>> byTechnique, TreeSet<String> unknown) {
    String text = rules.size() + " rules, " + byTechnique.size() + " techniques";
    return unknown.isEmpty()
        ? text
        : text + "; not in ATT&CK v18.1 and left out: " + String.join(", ", unknown);
  }

  private static ObjectNode layer(
      String name, String description, Map<String, List<ListedRule>> byTechnique) {
    ObjectNode layer = JsonNodeFactory.instance.objectNode();
    layer.put("name", name);
    layer.putObject("versions").put("attack", "18").put("navigator", "5.2.0").put("layer", "4.5");
    layer.put("domain", "enterprise-attack");
    layer.put("description", description);
    layer.put("sorting", 3);
    layer
        .putObject("layout")
        .put("layout", "side")
        .put("showName", true)
        .put("showID", true)
        .put("showAggregateScores", true)
        .put("aggregateFunction", "sum")
        .put("expandedSubtechniques", "annotated");
    ArrayNode techniques = layer.putArray("techniques");
    byTechnique.forEach((id, covering) -> technique(id, covering, techniques.addObject()));
    int most = byTechnique.values().stream().mapToInt(List::size).max().orElse(0);
    ObjectNode gradient = layer.putObject("gradient");
    gradient.putArray("colors").add("#deebf7").add("#3182bd").add("#08306b");
    gradient.put("minValue", 0).put("maxValue", Math.max(1, most));
    layer.put("selectSubtechniquesWithParent", false);
    return layer;
  }

  private static void technique(String id, List<ListedRule> rules, ObjectNode out) {
    Optional<Technique> technique = Attack.technique(id);
    out.put("techniqueID", id);
    out.put("score", rules.size());
    StringBuilder comment =
        new StringBuilder(technique.map(Technique::name).orElse(id)).append(':');
    rules.stream()
        .limit(TITLES_SHOWN)
        .forEach(
            rule ->
                comment
                    .append("\n- ")
                    .append(rule.title())
                    .append(" (")
                    .append(rule.level())
                    .append(')'));
    int more = rules.size() - TITLES_SHOWN;
    out.put("comment", more > 0 ? comment + "\n- and " + more + " more" : comment.toString());
  }
}
