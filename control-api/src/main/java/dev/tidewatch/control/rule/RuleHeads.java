package dev.tidewatch.control.rule;

import dev.tidewatch.attack.Attack;
import dev.tidewatch.control.v1.Rule;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.sigma.yaml.YamlDocument;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlNode.Sequence;
import dev.tidewatch.sigma.yaml.YamlReader;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a rule's text says of it, for rules that are not compiled: drafts, retired ones, filters.
 */
final class RuleHeads {
  private RuleHeads() {}

  static Rule of(RuleVersion version) {
    Mapping root = root(version.getSource());
    List<String> tags = list(root, "tags");
    return Rule.newBuilder()
        .setRuleId(version.getRuleId())
        .setHash(version.getHash())
        .setTitle(version.getTitle())
        .setFile(version.getFile())
        .setSource(version.getSource())
        .setKind(kind(root))
        .setDescription(text(root, "description"))
        .setAuthor(text(root, "author"))
        .setStatus(text(root, "status"))
        .setLevel(WireRules.level(text(root, "level").toLowerCase(Locale.ROOT)))
        .setLogSource(WireRules.logSource(logSource(root)))
        .addAllTags(tags)
        .addAllTechniqueIds(
            tags.stream().map(Attack::techniqueId).flatMap(Optional::stream).distinct().toList())
        .addAllTactics(
            tags.stream()
                .map(tag -> Attack.tactic(tag).map(tactic -> tactic.shortName()))
                .flatMap(Optional::stream)
                .distinct()
                .toList())
        .addAllFalsePositives(list(root, "falsepositives"))
        .addAllReferences(list(root, "references"))
        .build();
  }

  /** detection, correlation, pattern or filter. */
  static String group(String source) {
    return group(root(source));
  }

  private static String group(Mapping root) {
    return Stream.of("correlation", "pattern", "filter")
        .filter(root::has)
        .findFirst()
        .orElse("detection");
  }

  private static String kind(Mapping root) {
    String group = group(root);
    return node(root, group)
        .filter(Mapping.class::isInstance)
        .map(body -> text((Mapping) body, "type"))
        .filter(type -> !type.isEmpty() && !group.equals("detection"))
        .orElse(group);
  }

  private static Mapping root(String source) {
    List<YamlDocument> documents = YamlReader.read(source, new Diagnostics(""));
    return documents.stream()
        .findFirst()
        .flatMap(YamlDocument::root)
        .filter(Mapping.class::isInstance)
        .map(Mapping.class::cast)
        .orElse(new Mapping(List.of(), dev.tidewatch.diagnostic.Place.NONE));
  }

  private static Optional<YamlNode> node(Mapping mapping, String key) {
    return mapping.entry(key).map(entry -> entry.value());
  }

  private static String text(Mapping mapping, String key) {
    return node(mapping, key)
        .filter(Scalar.class::isInstance)
        .map(value -> ((Scalar) value).text().strip())
        .orElse("");
  }

  private static List<String> list(Mapping mapping, String key) {
    YamlNode value = node(mapping, key).orElse(null);
    if (value instanceof Scalar one) {
      return List.of(one.text());
    }
    return value instanceof Sequence sequence
        ? sequence.items().stream()
            .filter(Scalar.class::isInstance)
            .map(item -> ((Scalar) item).text())
            .toList()
        : List.of();
  }

  private static LogSource logSource(Mapping root) {
    Mapping source =
        node(root, "logsource").orElse(null) instanceof Mapping found
            ? found
            : new Mapping(List.of(), dev.tidewatch.diagnostic.Place.NONE);
    return new LogSource(
        text(source, "product").toLowerCase(Locale.ROOT),
        text(source, "category").toLowerCase(Locale.ROOT),
        text(source, "service").toLowerCase(Locale.ROOT));
  }
}
