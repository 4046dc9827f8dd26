package dev.tidewatch.correlation;

import static dev.tidewatch.diagnostic.DiagnosticCode.BAD_ALIAS;
import static dev.tidewatch.diagnostic.DiagnosticCode.UNUSED_ALIAS;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What {@code aliases} says: that a rule calls a field by another name. */
record Aliases(List<Alias> aliases) {
  private static final int MAX = 64;

  Aliases {
    aliases = List.copyOf(aliases);
  }

  /**
   * @param name as group-by and condition say
   * @param rule as {@code rules} says
   * @param field the rule's own
   */
  record Alias(String name, String rule, String field) {}

  static Aliases read(
      Optional<Entry> section, List<Scalar> rules, Set<String> used, Diagnostics diagnostics) {
    List<Alias> aliases = new ArrayList<>();
    if (section.isEmpty()) {
      return new Aliases(aliases);
    }
    if (!(section.get().value() instanceof Mapping mapping)) {
      bad(section.get(), "'aliases' must be a map", diagnostics);
      return new Aliases(aliases);
    }
    List<String> names = rules.stream().map(Scalar::text).toList();
    for (Entry entry : mapping.entries()) {
      if (!used.contains(entry.key().text())) {
        diagnostics.add(
            UNUSED_ALIAS,
            entry.key().place(),
            "neither group-by nor field says '" + entry.key().text() + "'",
            Suggestion.didYouMean(entry.key().text(), used, "remove it, or group by it"));
      }
      if (entry.value() instanceof Mapping fields && mapping.entries().size() <= MAX) {
        fields.entries().forEach(e -> alias(entry, e, names, aliases, diagnostics));
      } else {
        bad(entry, "an alias must be a map of rules to their fields", diagnostics);
      }
    }
    return new Aliases(aliases);
  }

  private static void alias(
      Entry alias, Entry entry, List<String> rules, List<Alias> aliases, Diagnostics diagnostics) {
    String rule = entry.key().text();
    if (!rules.contains(rule)) {
      diagnostics.add(
          BAD_ALIAS,
          entry.key().place(),
          "'" + rule + "' is none of the correlation's rules",
          Suggestion.didYouMean(rule, rules, "write it as it stands in rules:"));
    } else if (entry.value() instanceof Scalar field && !field.isNull()) {
      aliases.add(new Alias(alias.key().text(), rule, field.text()));
    } else {
      bad(entry, "an alias must name one field of the rule", diagnostics);
    }
  }

  private static void bad(Entry entry, String message, Diagnostics diagnostics) {
    diagnostics.add(
        BAD_ALIAS,
        entry.value().place(),
        message + ", not " + entry.value().kindName(),
        "aliases:\n    NAME:\n        a_rule: its_field\n        another_rule: its_field");
  }

  /** The rule's field for a name; the name itself where nothing is said. */
  String fieldOf(String name, String rule) {
    return aliases.stream()
        .filter(alias -> alias.name().equals(name) && alias.rule().equals(rule))
        .map(Alias::field)
        .findFirst()
        .orElse(name);
  }
}
