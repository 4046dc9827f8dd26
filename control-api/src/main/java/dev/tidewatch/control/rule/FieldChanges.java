package dev.tidewatch.control.rule;

import dev.tidewatch.control.v1.RuleFieldChange;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.sigma.yaml.YamlDocument;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlNode.Sequence;
import dev.tidewatch.sigma.yaml.YamlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What two YAML texts say otherwise, value by value; order of keys and comments say nothing. */
final class FieldChanges {
  private FieldChanges() {}

  static List<RuleFieldChange> of(String from, String to) {
    Map<String, String> before = values(from);
    Map<String, String> after = values(to);
    Set<String> paths = new LinkedHashSet<>(before.keySet());
    paths.addAll(after.keySet());
    List<RuleFieldChange> changes = new ArrayList<>();
    for (String path : paths) {
      String old = before.get(path);
      String now = after.get(path);
      if (!Objects.equals(old, now)) {
        RuleFieldChange.Builder change = RuleFieldChange.newBuilder().setPath(path);
        if (old != null) {
          change.setBefore(old);
        }
        if (now != null) {
          change.setAfter(now);
        }
        changes.add(change.build());
      }
    }
    return changes;
  }

  /** Every scalar by its path; empty of a text that is no YAML. */
  private static Map<String, String> values(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    List<YamlDocument> documents = YamlReader.read(text, new Diagnostics(""));
    for (int i = 0; i < documents.size(); i++) {
      String root = documents.size() == 1 ? "" : "[" + i + "]";
      documents.get(i).root().ifPresent(node -> add(root, node, values));
    }
    return values;
  }

  private static void add(String path, YamlNode node, Map<String, String> values) {
    if (node instanceof Scalar scalar) {
      values.put(path, scalar.text());
    } else if (node instanceof Sequence sequence) {
      for (int i = 0; i < sequence.items().size(); i++) {
        add(path + "[" + i + "]", sequence.items().get(i), values);
      }
    } else if (node instanceof Mapping mapping) {
      mapping
          .entries()
          .forEach(
              entry ->
                  add(
                      path.isEmpty() ? entry.key().text() : path + "." + entry.key().text(),
                      entry.value(),
                      values));
    }
  }
}
