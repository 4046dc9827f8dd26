package dev.tidewatch.lint;

import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.ir.TextMode;
import dev.tidewatch.sigma.ir.TextPattern;
import dev.tidewatch.sigma.ir.TextPattern.AnyRun;
import dev.tidewatch.sigma.ir.TextPattern.Segment;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** How values are written. */
final class DetectionLint {
  /** Lists are compared value by value. */
  private static final int LARGE_LIST = 500;

  private static final Pattern PLAIN_REGEX = Pattern.compile("[A-Za-z0-9 _\\-/:,;=@#%&'\"<>~]+");

  private final RuleDocument document;
  private final SigmaRule rule;
  private final Findings findings;

  DetectionLint(RuleDocument document, SigmaRule rule, Findings findings) {
    this.document = document;
    this.rule = rule;
    this.findings = findings;
  }

  void check() {
    document.selections().forEach(entry -> written(entry.value()));
    rule.detection()
        .selections()
        .forEach(
            (name, search) -> {
              if (document.selections().stream().anyMatch(e -> e.key().text().equals(name))) {
                search(name, search);
              }
            });
  }

  private void written(YamlNode node) {
    if (node instanceof Mapping mapping) {
      mapping.entries().forEach(this::item);
    } else if (node instanceof Sequence sequence) {
      sequence.items().stream().filter(Mapping.class::isInstance).forEach(this::written);
    }
  }

  private void item(Entry item) {
    String key = item.key().text();
    String field = key.indexOf('|') < 0 ? key : key.substring(0, key.indexOf('|'));
    if (field.indexOf(' ') >= 0) {
      findings.add(
          LintCode.SPACE_IN_FIELD,
          item.key().place(),
          "the name '" + field + "' has a space",
          "write it without: " + field.replace(" ", ""));
    }
    if (item.value() instanceof Sequence list
        && list.items().size() == 1
        && list.items().get(0) instanceof Scalar) {
      findings.add(
          LintCode.LIST_OF_ONE,
          list.items().get(0).place(),
          "a list of one value",
          "write the value after " + key + ":");
    }
  }

  private void search(String selection, Search search) {
    if (search instanceof Search.Every every) {
      every.parts().forEach(part -> search(selection, part));
    } else if (search instanceof Search.Negated negated) {
      search(selection, negated.part());
    } else if (search instanceof Search.Any any) {
      list(selection, any);
      any.parts().forEach(part -> search(selection, part));
    } else {
      predicate(selection, ((Search.Test) search).predicate());
    }
  }

  /** Values of one list against each other. */
  private void list(String selection, Search.Any any) {
    List<Predicate> values = new ArrayList<>();
    for (Search part : any.parts()) {
      if (part instanceof Search.Test test) {
        values.add(test.predicate());
      }
    }
    if (values.size() != any.parts().size() || values.size() > LARGE_LIST) {
      return;
    }
    Set<Integer> reported = new HashSet<>();
    for (int i = 0; i < values.size(); i++) {
      for (int j = 0; j < values.size() && !reported.contains(i); j++) {
        if (i != j && !reported.contains(j) && Implication.implies(values.get(i), values.get(j))) {
          reported.add(i);
          covered(selection, values.get(i), values.get(j));
        }
      }
    }
  }

  private void covered(String selection, Predicate value, Predicate by) {
    if (Implication.implies(by, value)) {
      findings.add(
          LintCode.DUPLICATE_VALUE,
          document.ofLastValue(selection, value.pattern()),
          "'" + value.pattern() + "' stands twice in the list",
          "drop one");
    } else {
      findings.add(
          LintCode.VALUE_COVERED,
          document.ofValue(selection, value.pattern()),
          "wherever '" + value.pattern() + "' holds, '" + by.pattern() + "' does",
          "drop it");
    }
  }

  private void predicate(String selection, Predicate predicate) {
    if (predicate instanceof Predicate.Text text && !text.field().isEmpty()) {
      wildcards(selection, text);
    } else if (predicate instanceof Predicate.Regex regex
        && PLAIN_REGEX.matcher(regex.regex()).matches()) {
      findings.add(
          LintCode.REGEX_FOR_TEXT,
          document.ofValue(selection, regex.regex()),
          "'" + regex.regex() + "' is plain text",
          regex.flags().contains("i") ? "write |contains" : "write |contains|cased");
    }
  }

  private void wildcards(String selection, Predicate.Text text) {
    List<Segment> segments = text.text().segments();
    if (segments.size() < 2) {
      return;
    }
    boolean start = segments.get(0) instanceof AnyRun;
    boolean end = segments.get(segments.size() - 1) instanceof AnyRun;
    boolean inside =
        segments.subList(start ? 1 : 0, segments.size() - (end ? 1 : 0)).stream()
            .anyMatch(s -> !(s instanceof TextPattern.Literal));
    boolean without =
        start && (text.mode() == TextMode.CONTAINS || text.mode() == TextMode.ENDSWITH)
            || end && (text.mode() == TextMode.CONTAINS || text.mode() == TextMode.STARTSWITH);
    if (without) {
      findings.add(
          LintCode.WILDCARD_WITHOUT_EFFECT,
          document.ofValue(selection, text.written()),
          "the wildcard of '" + text.written() + "' adds nothing to " + text.mode().sigmaName(),
          "drop it");
    } else if (text.mode() == TextMode.EQUALS && !inside && (start || end)) {
      String modifier = start && end ? "contains" : start ? "endswith" : "startswith";
      findings.add(
          LintCode.WILDCARD_FOR_MODIFIER,
          document.ofValue(selection, text.written()),
          "'" + text.written() + "' is a " + modifier,
          "write " + text.field() + "|" + modifier);
    }
  }
}
