package dev.tidewatch.lint;

import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** SigmaHQ's conventions for everything above the log source. */
final class HeadLint {
  private static final int SHORT_DESCRIPTION = 16;
  private static final int LONG_TITLE = 120;
  private static final Set<String> SMALL_WORDS =
      Set.of(
          "a", "an", "and", "as", "at", "but", "by", "for", "from", "if", "in", "into", "nor", "of",
          "off", "on", "or", "over", "per", "the", "to", "up", "via", "vs", "when", "with",
          "within", "without");
  private static final Set<String> RELATED_TYPES =
      Set.of("derived", "obsolete", "merged", "renamed", "similar");
  private static final Pattern SAYS_NOTHING =
      Pattern.compile(
          "(none|no|n/a|none known|pen ?test(s|ing|ers?)?|penetration test(s|ing)?|red ?team(s|ing)?)\\.?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern BRANCH =
      Pattern.compile(
          "https?://(www\\.)?(github\\.com|gitlab\\.com)/[^/]+/[^/]+/(-/)?(blob|tree)/(main|master)/.*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern ATTACK_SITE =
      Pattern.compile("https?://attack\\.mitre\\.org\\b.*", Pattern.CASE_INSENSITIVE);
  private static final Pattern RANDOM_UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  private final RuleDocument rule;
  private final Findings findings;

  HeadLint(RuleDocument rule, Findings findings) {
    this.rule = rule;
    this.findings = findings;
  }

  void check() {
    rule.scalar("title").ifPresent(this::title);
    rule.scalar("id").ifPresent(this::id);
    description();
    missing("status", LintCode.NO_STATUS, "status: experimental for a new rule");
    missing("author", LintCode.NO_AUTHOR, "add author:");
    missing("date", LintCode.NO_DATE, "add date: YYYY-MM-DD");
    modified();
    references();
    falsePositives();
    rule.items("related").forEach(this::related);
  }

  private void missing(String key, LintCode code, String remedy) {
    if (!rule.root().has(key)) {
      findings.add(code, rule.place(), "the rule has no " + key, remedy);
    }
  }

  private void title(Scalar title) {
    String text = title.text().strip();
    if (text.length() > LONG_TITLE) {
      findings.add(
          LintCode.LONG_TITLE,
          title.place(),
          "the title has " + text.length() + " characters",
          "up to " + LONG_TITLE + "; the rest belongs in the description");
    }
    if (text.endsWith(".")) {
      findings.add(LintCode.TITLE_PERIOD, title.place(), "the title ends with a period", "");
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("detects ") || lower.startsWith("detection of ")) {
      findings.add(
          LintCode.TITLE_SAYS_DETECTS,
          title.place(),
          "every rule detects something",
          "begin with what it detects");
    }
    titleCase(title, text);
  }

  private void titleCase(Scalar title, String text) {
    String[] words = text.split("\\s+");
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      boolean small = i > 0 && SMALL_WORDS.contains(word);
      boolean plain = word.chars().allMatch(c -> c >= 'a' && c <= 'z');
      if (plain && !small) {
        findings.add(
            LintCode.TITLE_CASE,
            title.place(),
            "'" + word + "' is not capitalised",
            "SigmaHQ writes titles like This One");
        return;
      }
    }
  }

  private void id(Scalar id) {
    String text = id.text().strip();
    if (UUID.matcher(text).matches()
        && !RANDOM_UUID.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
      findings.add(
          LintCode.ID_NOT_RANDOM, id.place(), "'" + text + "' is no version 4 UUID", "uuidgen -r");
    }
  }

  private void description() {
    Optional<Scalar> description = rule.scalar("description");
    if (description.isEmpty()) {
      findings.add(
          LintCode.NO_DESCRIPTION,
          rule.place(),
          "the rule has no description",
          "add description: what it looks for, and why that is bad");
    } else if (description.get().text().strip().length() < SHORT_DESCRIPTION) {
      findings.add(
          LintCode.SHORT_DESCRIPTION,
          description.get().place(),
          "the description hardly says anything",
          "say what it looks for, and why that is bad");
    }
  }

  private void modified() {
    Optional<Scalar> date = rule.scalar("date").filter(HeadLint::isDay);
    Optional<Scalar> modified = rule.scalar("modified").filter(HeadLint::isDay);
    if (date.isPresent()
        && modified.isPresent()
        && modified.get().text().compareTo(date.get().text()) < 0) {
      findings.add(
          LintCode.MODIFIED_BEFORE_DATE,
          modified.get().place(),
          "modified on " + modified.get().text() + ", made on " + date.get().text(),
          "");
    }
  }

  private static boolean isDay(Scalar date) {
    return DAY.matcher(date.text()).matches();
  }

  private void references() {
    if (rule.scalars("references").isEmpty()) {
      findings.add(
          LintCode.NO_REFERENCE, rule.place(), "the rule has no reference", "link what it is from");
    }
    for (Scalar reference : rule.scalars("references")) {
      String text = reference.text().strip();
      if (!text.matches("https?://[^\\s]+")) {
        findings.add(
            LintCode.REFERENCE_IS_NO_URL, reference.place(), "'" + text + "' is no URL", "");
      } else if (ATTACK_SITE.matcher(text).matches()) {
        findings.add(
            LintCode.REFERENCE_TO_ATTACK,
            reference.place(),
            "a link to ATT&CK's site",
            "a tag says it: attack.t1059.001");
      } else if (BRANCH.matcher(text).matches()) {
        findings.add(
            LintCode.REFERENCE_MOVES,
            reference.place(),
            "the branch may change under this link",
            "link the commit");
      }
    }
  }

  private void falsePositives() {
    if (rule.scalars("falsepositives").isEmpty()) {
      findings.add(
          LintCode.NO_FALSE_POSITIVES,
          rule.place(),
          "the rule says nothing about false positives",
          "falsepositives: [Unknown], or Unlikely, if that is what you know");
    }
    for (Scalar one : rule.scalars("falsepositives")) {
      String text = one.text().strip();
      if (SAYS_NOTHING.matcher(text).matches()) {
        findings.add(
            LintCode.EMPTY_FALSE_POSITIVE,
            one.place(),
            "'" + text + "' helps nobody who looks at an alert",
            "say who does this legitimately; Unlikely where nobody does");
      } else if (!text.isEmpty() && Character.isLowerCase(text.codePointAt(0))) {
        findings.add(LintCode.FALSE_POSITIVE_CASE, one.place(), "begins with a small letter", "");
      }
    }
  }

  private void related(YamlNode node) {
    Optional<String> id = text(node, "id");
    Optional<String> type = text(node, "type");
    if (id.isEmpty() || type.isEmpty()) {
      findings.add(
          LintCode.BAD_RELATED, node.place(), "an entry of related needs id: and type:", "");
    } else if (!RELATED_TYPES.contains(type.get())) {
      findings.add(
          LintCode.BAD_RELATED,
          node.place(),
          "unknown type '" + type.get() + "'",
          "one of derived, obsolete, merged, renamed, similar");
    } else if (rule.scalar("id").map(Scalar::text).equals(id)) {
      findings.add(LintCode.BAD_RELATED, node.place(), "the rule is related to itself", "");
    }
  }

  private static Optional<String> text(YamlNode node, String key) {
    return node instanceof Mapping mapping
        ? mapping
            .entry(key)
            .map(Entry::value)
            .filter(Scalar.class::isInstance)
            .map(value -> ((Scalar) value).text())
        : Optional.empty();
  }
}
