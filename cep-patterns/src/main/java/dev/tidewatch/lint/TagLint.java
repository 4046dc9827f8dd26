package dev.tidewatch.lint;

import dev.tidewatch.attack.Attack;
import dev.tidewatch.attack.Tactic;
import dev.tidewatch.attack.Technique;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** SigmaHQ's conventions for tags, and ATT&CK's own order of tactics and techniques. */
final class TagLint {
  /** Namespaces of Sigma's tag appendix, and the names they take. */
  private static final Map<String, Pattern> NAMESPACES =
      Map.of(
          "attack", Pattern.compile(".*"),
          "car", Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{3}"),
          "cve", Pattern.compile("[0-9]{4}-[0-9]{4,}"),
          "d3fend", Pattern.compile("d3[a-z]?-[a-z0-9-]+|d3f-[a-z0-9-]+"),
          "detection", Pattern.compile("dfir|emerging-threats|threat-hunting"),
          "stp", Pattern.compile("[1-5][auk]?"),
          "tlp", Pattern.compile("red|amber|amber-strict|green|white|clear"));

  private final RuleDocument rule;
  private final Findings findings;

  TagLint(RuleDocument rule, Findings findings) {
    this.rule = rule;
    this.findings = findings;
  }

  void check() {
    List<Scalar> tags = rule.scalars("tags");
    if (tags.isEmpty()) {
      findings.add(
          LintCode.NO_TAGS, rule.place(), "the rule has no tags", "say at least its ATT&CK tactic");
    }
    Set<String> seen = new HashSet<>();
    for (Scalar tag : tags) {
      if (!seen.add(tag.text())) {
        findings.add(
            LintCode.DUPLICATE_TAG, tag.place(), "'" + tag.text() + "' stands twice", "drop one");
      }
      name(tag);
    }
    tactics(tags);
  }

  private void name(Scalar tag) {
    int dot = tag.text().indexOf('.');
    if (dot < 0) {
      return;
    }
    String namespace = tag.text().substring(0, dot);
    Pattern names = NAMESPACES.get(namespace);
    if (names == null) {
      findings.add(
          LintCode.UNKNOWN_NAMESPACE,
          tag.place(),
          "Sigma has no namespace '" + namespace + "'",
          "namespaces: attack, car, cve, d3fend, detection, stp, tlp");
    } else if (!names.matcher(tag.text().substring(dot + 1)).matches()) {
      findings.add(
          LintCode.BAD_TAG_NAME,
          tag.place(),
          "'" + tag.text() + "' is no name of " + namespace,
          namespace.equals("cve") ? "cve.2021-44228" : "");
    }
    Optional<String> technique = Attack.techniqueId(tag.text());
    if (technique.isPresent() && Attack.technique(technique.get()).isEmpty()) {
      findings.add(
          LintCode.UNKNOWN_TECHNIQUE, tag.place(), "ATT&CK 18.1 has no " + technique.get(), "");
    }
  }

  private void tactics(List<Scalar> tags) {
    List<Technique> techniques =
        tags.stream()
            .flatMap(tag -> Attack.techniqueId(tag.text()).stream())
            .flatMap(id -> Attack.technique(id).stream())
            .toList();
    Set<String> fitting =
        techniques.stream()
            .flatMap(technique -> technique.tactics().stream())
            .map(TagLint::beforeSplit)
            .collect(Collectors.toSet());
    boolean any = false;
    for (Scalar tag : tags) {
      Optional<Tactic> tactic = Attack.tactic(tag.text());
      any |= tactic.isPresent();
      if (tactic.isPresent()
          && !fitting.isEmpty()
          && !fitting.contains(beforeSplit(tactic.get().shortName()))) {
        findings.add(
            LintCode.TACTIC_DOES_NOT_FIT,
            tag.place(),
            "no technique of this rule serves '" + tactic.get().title() + "'",
            "");
      }
    }
    if (!techniques.isEmpty() && !any) {
      findings.add(
          LintCode.TECHNIQUE_WITHOUT_TACTIC,
          rule.root().entry("tags").orElseThrow().key().place(),
          "techniques, and no tactic",
          "add one of: " + String.join(", ", fitting.stream().sorted().toList()));
    }
  }

  /** ATT&CK 19 split Defense Evasion in two; the names here are those of 18.1. */
  private static String beforeSplit(String tactic) {
    return tactic.equals("stealth") || tactic.equals("defense-impairment")
        ? Tactic.DEFENSE_EVASION.shortName()
        : tactic;
  }
}
