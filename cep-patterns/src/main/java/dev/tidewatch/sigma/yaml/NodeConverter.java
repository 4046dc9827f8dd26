package dev.tidewatch.sigma.yaml;

import static dev.tidewatch.diagnostic.DiagnosticCode.DUPLICATE_KEY;
import static dev.tidewatch.diagnostic.DiagnosticCode.YAML_FEATURE;
import static dev.tidewatch.diagnostic.DiagnosticCode.YAML_LIMIT;

import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Turns one composed document into {@link YamlNode}s. Aliases are written out, so nodes are counted
 * as they are reached: a billion laughs stops at the budget.
 */
final class NodeConverter {
  private static final int MAX_NODES = 500_000;
  private static final int MAX_DEPTH = 100;
  private static final Set<Tag> PLAIN_TAGS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.BINARY);

  private final List<String> lines;
  private final Diagnostics diagnostics;
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int nodes;
  private @Nullable DiagnosticCode firstError;

  NodeConverter(List<String> lines, Diagnostics diagnostics) {
    this.lines = lines;
    this.diagnostics = diagnostics;
  }

  /** Code of the first error; empty when there was none. */
  Optional<DiagnosticCode> firstError() {
    return Optional.ofNullable(firstError);
  }

  Optional<YamlNode> convert(Node node) {
    if (++nodes > MAX_NODES) {
      if (nodes == MAX_NODES + 1) {
        limit(node, "more than " + MAX_NODES + " nodes once aliases are written out");
      }
      return Optional.empty();
    }
    if (open.contains(node)) {
      limit(node, "an alias refers to a value that contains it");
      return Optional.empty();
    }
    if (open.size() > MAX_DEPTH) {
      limit(node, "nested deeper than " + MAX_DEPTH);
      return Optional.empty();
    }
    open.add(node);
    try {
      return dispatch(node);
    } finally {
      open.remove(node);
    }
  }

  private Optional<YamlNode> dispatch(Node node) {
    if (node instanceof ScalarNode scalar) {
      return Optional.of(scalar(scalar));
    }
    if (node instanceof SequenceNode sequence && Tag.SEQ.equals(node.getTag())) {
      List<YamlNode> items = new ArrayList<>(sequence.getValue().size());
      sequence.getValue().forEach(item -> convert(item).ifPresent(items::add));
      return Optional.of(new Sequence(items, place(node)));
    }
    if (node instanceof MappingNode mapping && Tag.MAP.equals(node.getTag())) {
      return Optional.of(mapping(mapping));
    }
    foreignTag(node);
    return Optional.empty();
  }

  private Scalar scalar(ScalarNode node) {
    Tag tag = node.getTag();
    boolean plain = node.getScalarStyle() == ScalarStyle.PLAIN;
    if (!PLAIN_TAGS.contains(tag) && !(plain && isResolvedOddly(tag))) {
      foreignTag(node);
    }
    boolean typed = plain && !tag.equals(Tag.STR);
    String text = node.getValue();
    Scalar.Kind kind = typed ? ScalarKinds.ofPlain(text) : Scalar.Kind.TEXT;
    return new Scalar(text, kind, place(node), span(node));
  }

  /** {@code =}, {@code <<} as values, which YAML 1.1 gives tags of their own. */
  private static boolean isResolvedOddly(Tag tag) {
    return tag.equals(Tag.MERGE) || tag.getValue().equals(Tag.PREFIX + "value");
  }

  private Mapping mapping(MappingNode node) {
    List<Entry> entries = new ArrayList<>(node.getValue().size());
    Map<String, Place> seen = new HashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        feature(tuple.getKeyNode(), "a key that is a list or a map", "write keys as plain text");
        continue;
      }
      if (Tag.MERGE.equals(keyNode.getTag())) {
        feature(keyNode, "the merge key '<<'", "write the merged keys out");
        continue;
      }
      Scalar key = scalar(keyNode);
      Place first = seen.putIfAbsent(key.text(), key.place());
      if (first != null) {
        error(
            DUPLICATE_KEY,
            key.place(),
            "the key '" + key.text() + "' stands here and in line " + first.line(),
            "give both values as one list, or make two selections of them");
        continue;
      }
      convert(tuple.getValueNode()).ifPresent(value -> entries.add(new Entry(key, value)));
    }
    return new Mapping(entries, place(node));
  }

  private ScalarSpan span(ScalarNode node) {
    Mark start = node.getStartMark();
    Character style = node.getScalarStyle().getChar();
    return new ScalarSpan(lines, start.getLine(), start.getColumn(), style == null ? ' ' : style);
  }

  private void foreignTag(Node node) {
    feature(node, "the tag " + node.getTag().getValue(), "leave the tag out");
  }

  private void feature(Node node, String what, String remedy) {
    error(YAML_FEATURE, place(node), what + " is not allowed in rules", remedy);
  }

  private void limit(Node node, String what) {
    error(YAML_LIMIT, place(node), what, "write the values out, in smaller rules");
  }

  private void error(DiagnosticCode code, Place place, String message, String remedy) {
    firstError = firstError == null ? code : firstError;
    diagnostics.add(code, place, message, remedy);
  }

  private static Place place(Node node) {
    return new Place(node.getStartMark().getLine() + 1, node.getStartMark().getColumn() + 1);
  }
}
