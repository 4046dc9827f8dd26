package dev.tidewatch.conformance;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.sigma.yaml.YamlDocument;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlNode.Sequence;
import dev.tidewatch.sigma.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the case files of a kit; their shape is in {@code docs/conformance/README.md}. */
public final class ConformanceKit {
  private static final Set<String> FILE_KEYS = Set.of("row", "cases");
  private static final Set<String> GROUP_KEYS =
      Set.of(
          "name",
          "about",
          "selection",
          "detection",
          "rule",
          "lists",
          "match",
          "no-match",
          "rejected");
  private static final String HEAD =
      """
      title: A conformance case
      id: 6f0b6a52-0c0f-4c5e-9a55-3b0c2d1e4f00
      status: test
      level: low
      logsource:
          product: windows
          service: security
      detection:
      """;
  private static final String EVENT_HEAD = "{\"Channel\":\"Security\",\"EventID\":5379";

  private final String file;
  private final List<ConformanceCase> cases = new ArrayList<>();

  private ConformanceKit(String file) {
    this.file = file;
  }

  /**
   * All cases of {@code directory/cases/*.yml}, by file name.
   *
   * @throws IOException when a file cannot be read or does not have the shape; the message names
   *     file and line
   */
  public static List<ConformanceCase> read(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(directory.resolve("cases"))) {
      files = found.filter(f -> f.toString().endsWith(".yml")).sorted().toList();
    }
    List<ConformanceCase> all = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Path path : files) {
      for (ConformanceCase one : read(path.toString(), Files.readString(path))) {
        if (!ids.add(one.id())) {
          throw new IOException(path + ": the id " + one.id() + " is there twice");
        }
        all.add(one);
      }
    }
    return all;
  }

  static List<ConformanceCase> read(String file, String text) throws IOException {
    Diagnostics diagnostics = new Diagnostics(file);
    List<YamlDocument> documents = YamlReader.read(text, diagnostics);
    if (diagnostics.errors() > 0) {
      Diagnostic first = diagnostics.inOrderOfPlace().get(0);
      throw new IOException(first.where() + ": " + first.message());
    }
    ConformanceKit kit = new ConformanceKit(file);
    for (YamlDocument document : documents) {
      kit.document(document.root().orElseThrow(() -> new IOException(file + " is empty")));
    }
    return kit.cases;
  }

  private void document(YamlNode root) throws IOException {
    Mapping mapping = mapping(root, FILE_KEYS);
    int row = Integer.parseInt(text(mapping, "row"));
    for (YamlNode group : list(mapping, "cases")) {
      group(row, mapping(group, GROUP_KEYS));
    }
  }

  private void group(int row, Mapping group) throws IOException {
    String id = String.format("%02d-%s-", row, text(group, "name"));
    String rule = rule(group);
    boolean whole = group.has("rule");
    int before = cases.size();
    if (group.has("rejected")) {
      String event = whole ? EVENT_HEAD + "}" : event("{}");
      add(id + "rejected", row, group, rule, event, Outcome.REJECTED, text(group, "rejected"));
    }
    for (Outcome outcome : List.of(Outcome.MATCH, Outcome.NO_MATCH)) {
      int number = 1;
      for (YamlNode node : list(group, outcome.key())) {
        String text = ((Scalar) node).text();
        String event = whole ? text.strip() : event(text.strip());
        add(id + outcome.key() + "-" + number++, row, group, rule, event, outcome, "");
      }
    }
    if (cases.size() == before) {
      throw bad(group, "a group needs match:, no-match: or rejected:");
    }
  }

  private void add(
      String id, int row, Mapping group, String rule, String event, Outcome expected, String code)
      throws IOException {
    Map<String, List<String>> lists = lists(group);
    cases.add(
        new ConformanceCase(id, row, text(group, "about"), rule, event, lists, expected, code));
  }

  private String rule(Mapping group) throws IOException {
    if (group.has("rule")) {
      return text(group, "rule");
    }
    String detection =
        group.has("selection")
            ? "selection:\n" + text(group, "selection").indent(4) + "condition: selection\n"
            : text(group, "detection");
    return HEAD + detection.indent(4);
  }

  /** The members of the object after those that make it a Windows Security event. */
  private static String event(String object) {
    String members = object.substring(1, object.length() - 1).strip();
    return EVENT_HEAD + (members.isEmpty() ? "" : "," + members) + "}";
  }

  private Map<String, List<String>> lists(Mapping group) throws IOException {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    if (group.has("lists")) {
      Mapping mapping = (Mapping) group.entry("lists").orElseThrow().value();
      for (Entry entry : mapping.entries()) {
        List<String> values = new ArrayList<>();
        list(mapping, entry.key().text()).forEach(value -> values.add(((Scalar) value).text()));
        lists.put(entry.key().text(), values);
      }
    }
    return lists;
  }

  private Mapping mapping(YamlNode node, Set<String> keys) throws IOException {
    if (!(node instanceof Mapping mapping)) {
      throw bad(node, "a map is expected");
    }
    for (Entry entry : mapping.entries()) {
      if (!keys.contains(entry.key().text())) {
        throw bad(entry.key(), "unknown key '" + entry.key().text() + "'");
      }
    }
    return mapping;
  }

  private List<YamlNode> list(Mapping mapping, String key) throws IOException {
    if (!mapping.has(key)) {
      return List.of();
    }
    YamlNode value = mapping.entry(key).orElseThrow().value();
    if (!(value instanceof Sequence sequence)) {
      throw bad(value, "'" + key + "' must be a list");
    }
    return sequence.items();
  }

  private String text(Mapping mapping, String key) throws IOException {
    if (mapping.has(key) && mapping.entry(key).orElseThrow().value() instanceof Scalar scalar) {
      return scalar.text();
    }
    throw bad(mapping, "'" + key + "' is missing or no text");
  }

  private IOException bad(YamlNode node, String message) {
    return new IOException(file + ":" + node.place().line() + ": " + message);
  }
}
