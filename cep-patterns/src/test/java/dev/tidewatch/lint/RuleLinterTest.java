package dev.tidewatch.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleLinterTest {
  private static final String HEAD =
      """
      title: Archive Made for the Road
      id: 0a2b6f0c-9f2c-4c57-8c6f-5f2a8f6b1b11
      status: experimental
      description: Looks for archives that are made before data leaves.
      references:
          - https://example.org/archives
      author: A. Author
      date: 2026-01-02
      modified: 2026-01-03
      tags:
          - attack.collection
          - attack.t1560.001
      logsource:
          product: windows
          service: security
      """;
  private static final String TAIL = "falsepositives:\n    - Unknown\nlevel: medium\n";
  private static final String DETECTION =
      "selection:\n    F|endswith: '\\a.exe'\nfilter_main:\n    G: b\n"
          + "condition: selection and not filter_main\n";

  private static String rule(String detection) {
    return HEAD + "detection:\n" + detection.indent(4) + TAIL;
  }

  private static List<Diagnostic> lint(String... rules) {
    List<RuleSource> sources = new ArrayList<>();
    for (String rule : rules) {
      sources.add(new RuleSource("archive_rule_" + sources.size() + ".yml", rule));
    }
    return RuleLinter.lint(sources);
  }

  private static List<String> codes(String... rules) {
    return lint(rules).stream().map(Diagnostic::code).toList();
  }

  @Test
  void looksAtTheHeadsOfCorrelationsToo() {
    String correlation =
        """
        title: detects many archives
        id: 0a2b6f0c-9f2c-4c57-8c6f-5f2a8f6b1b12
        level: medium
        correlation:
            type: event_count
            rules: [0a2b6f0c-9f2c-4c57-8c6f-5f2a8f6b1b11]
            group-by: [Computer]
            timespan: 10m
            condition: {gte: 5}
        """;
    assertThat(codes(rule(DETECTION), correlation))
        .contains(LintCode.TITLE_CASE.code(), LintCode.NO_DESCRIPTION.code())
        .noneMatch(code -> code.startsWith("TW-E"));
  }

  @Test
  void aRuleByTheConventionsHasNoFinding() {
    assertThat(lint(rule(DETECTION))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "NO_DESCRIPTION         ~ description: Looks for archives that are made before data leaves. ~ #",
        "SHORT_DESCRIPTION      ~ Looks for archives that are made before data leaves. ~ Archives.",
        "NO_STATUS              ~ status: experimental ~ #",
        "NO_DATE                ~ date: 2026-01-02 ~ #",
        "MODIFIED_BEFORE_DATE   ~ modified: 2026-01-03 ~ modified: 2025-12-31",
        "NO_AUTHOR              ~ author: A. Author ~ #",
        "REFERENCE_IS_NO_URL    ~ https://example.org/archives ~ a book",
        "REFERENCE_TO_ATTACK    ~ https://example.org/archives ~ https://attack.mitre.org/techniques/T1560/",
        "REFERENCE_MOVES        ~ https://example.org/archives ~ https://github.com/a/b/blob/main/c.md",
        "EMPTY_FALSE_POSITIVE   ~ - Unknown ~ - None",
        "EMPTY_FALSE_POSITIVE   ~ - Unknown ~ - Red Teaming",
        "FALSE_POSITIVE_CASE    ~ - Unknown ~ - backup software",
        "TITLE_CASE             ~ Made for ~ made for",
        "TITLE_PERIOD           ~ the Road ~ the Road.",
        "TITLE_SAYS_DETECTS     ~ Archive Made ~ Detects Archive Made",
        "ID_NOT_RANDOM          ~ 4c57-8c6f ~ 1c57-8c6f",
        "DUPLICATE_TAG          ~ - attack.t1560.001 ~ - attack.collection",
        "UNKNOWN_TECHNIQUE      ~ attack.t1560.001 ~ attack.t9999",
        "TECHNIQUE_WITHOUT_TACTIC ~ - attack.collection ~ - cve.2026-12345",
        "UNKNOWN_NAMESPACE      ~ - attack.t1560.001 ~ - mitre.x",
        "BAD_TAG_NAME           ~ - attack.t1560.001 ~ - cve.2026.1",
        "TACTIC_DOES_NOT_FIT    ~ - attack.collection ~ - attack.impact",
      })
  void theHeadHasConventions(String code, String from, String to) {
    String changed = rule(DETECTION).replace(from, to);
    assertThat(changed).isNotEqualTo(rule(DETECTION));
    assertThat(codes(changed)).contains(LintCode.valueOf(code).code());
  }

  @Test
  void whatIsMissingAltogetherIsSaid() {
    String bare =
        "title: Bare\nid: 0a2b6f0c-9f2c-4c57-8c6f-5f2a8f6b1b11\nlogsource: {product: windows}\n"
            + "level: low\ndetection: {s: {F: 1}, condition: s}\n";
    assertThat(codes(bare))
        .contains(
            LintCode.NO_TAGS.code(),
            LintCode.NO_REFERENCE.code(),
            LintCode.NO_FALSE_POSITIVES.code());
  }

  @Test
  void relatedRulesNeedIdAndType() {
    String related =
        "related:\n    - id: 0a2b6f0c-9f2c-4c57-8c6f-5f2a8f6b1b11\n      type: similar\n"
            + "    - id: 1a2b6f0c-9f2c-4c57-8c6f-5f2a8f6b1b11\n      type: cousin\n"
            + "    - type: derived\n    - id: 2a2b6f0c-9f2c-4c57-8c6f-5f2a8f6b1b11\n"
            + "      type: derived\n";
    assertThat(codes(related + rule(DETECTION)))
        .containsExactly(
            LintCode.BAD_RELATED.code(), LintCode.BAD_RELATED.code(), LintCode.BAD_RELATED.code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "DUPLICATE_VALUE         ~ F: [abc, xyz, ABC]",
        "VALUE_COVERED           ~ F|contains: [powershell, powershell.exe]",
        "VALUE_COVERED           ~ F: ['x.exe', '*']",
        "WILDCARD_FOR_MODIFIER   ~ F: '*\\a.exe'",
        "WILDCARD_FOR_MODIFIER   ~ F: '*abc*'",
        "WILDCARD_WITHOUT_EFFECT ~ F|contains: '*abc'",
        "WILDCARD_WITHOUT_EFFECT ~ F|endswith: '*abc'",
        "REGEX_FOR_TEXT          ~ F|re: 'abc def'",
        "LIST_OF_ONE             ~ F: [abc]",
        "SPACE_IN_FIELD          ~ My Field: abc",
      })
  void valuesAreWrittenPlainly(String code, String item) {
    assertThat(codes(rule("selection:\n    " + item + "\ncondition: selection\n")))
        .containsExactly(LintCode.valueOf(code).code());
  }

  @Test
  void goodValuesAreLeftAlone() {
    assertThat(
            codes(
                rule(
                    "selection:\n    F: ['a*z', 'b?', '*x*y*']\n    G|endswith: ['a*b', 'c']\n"
                        + "    H|re: ['a.b', '^x']\n    I|cased: [abc, ABC]\n    J|contains: [ab, bc]\n"
                        + "condition: selection\n")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        // An exclusion that covers everything selected.
        "NEVER_MATCHES ~ selection: {F|endswith: '\\cmd.exe'} ~ filter_a: {F|endswith: 'cmd.exe'} ~ selection and not filter_a",
        "NEVER_MATCHES ~ selection: {F: [a, b]} ~ filter_a: {F: [b, c, A]} ~ selection and not filter_a",
        "NEVER_MATCHES ~ selection: {F|gt: 10} ~ filter_a: {F|gte: 5} ~ selection and not filter_a",
        "NEVER_MATCHES ~ selection: {F: null} ~ selection_b: {F|contains: x} ~ selection and selection_b",
        "NEVER_MATCHES ~ selection: {F: x} ~ selection_b: {F|exists: false} ~ all of selection*",
        "NEVER_MATCHES ~ selection: {F: x} ~ filter_a: {F: '*'} ~ selection and not filter_a",
        "ALWAYS_MATCHES ~ selection: {F|exists: true} ~ selection_b: {F|exists: false} ~ 1 of selection*",
        "ALWAYS_MATCHES ~ selection: {F: a} ~ selection_b: {F|neq: A} ~ selection or selection_b",
        "MATCHES_WITHOUT_FIELDS ~ selection: {F: null} ~ filter_a: {G: x} ~ selection and not filter_a",
        "SELECTION_WITHOUT_EFFECT ~ selection: {F|contains: ab} ~ selection_b: {F|contains: abc} ~ selection or selection_b",
        "SELECTION_WITHOUT_EFFECT ~ selection: {F: x} ~ filter_a: {F: null} ~ selection and not filter_a",
        "ONLY_LISTS_MATCH ~ selection: {EventID: 1} ~ selection_b: {EventID: 2} ~ selection and selection_b",
        "ONLY_LISTS_MATCH ~ selection: {F: abc} ~ selection_b: {F|contains: x} ~ selection and selection_b",
        "EXCLUSION_NAME ~ selection: {F: x} ~ other: {G: x} ~ selection and not other",
        "FILTER_NOT_EXCLUDED ~ selection: {F: x} ~ filter_a: {G: x} ~ selection and filter_a",
        "OF_THEM ~ selection: {F: x} ~ selection_b: {G: x} ~ 1 of them",
      })
  void logicThatHasNoSenseIsFound(String code, String first, String second, String condition) {
    assertThat(codes(rule(first + "\n" + second + "\ncondition: " + condition + "\n")))
        .contains(LintCode.valueOf(code).code());
  }

  @Test
  void whatCanMatchIsLeftAlone() {
    for (String detection :
        List.of(
            "selection: {F: [a, b]}\nfilter_a: {F: b}\ncondition: selection and not filter_a\n",
            "selection: {F|contains: a}\nfilter_a: {F|startswith: a}\n"
                + "condition: selection and not filter_a\n",
            "selection: {F: a}\nfilter_a: {F|cased: a}\ncondition: selection and not filter_a\n",
            "selection: {F|contains|all: [ab, abc, x]}\ncondition: selection\n",
            "selection: {F|contains: a}\nselection_b: {F|contains: b}\n"
                + "condition: all of selection*\n",
            "selection: {F|gt: 5, G: x}\nfilter_a: {F|gt: 10}\n"
                + "condition: selection and not filter_a\n")) {
      assertThat(codes(rule(detection))).as(detection).isEmpty();
    }
  }

  @Test
  void anAlternativeThatCannotHoldIsNamed() {
    List<Diagnostic> found =
        lint(
            rule(
                "selection:\n    - F: x\n    - G: null\n      G|contains: y\n"
                    + "condition: selection\n"));
    assertThat(found).extracting(Diagnostic::code).containsExactly(LintCode.UNREACHABLE.code());
    assertThat(found.get(0).message()).isEqualTo("alternative 2 of 'selection' can never hold");
    assertThat(found.get(0).line()).isEqualTo(17);
  }

  @Test
  void rulesOfASetAreCompared() {
    String other = rule(DETECTION).replace("0a2b", "1a2b").replace("Archive Made", "Zip Made");
    assertThat(codes(rule(DETECTION), other)).containsExactly(LintCode.SAME_DETECTION.code());
    String sameTitle = rule(DETECTION.replace("a.exe", "b.exe")).replace("0a2b", "1a2b");
    assertThat(codes(rule(DETECTION), sameTitle)).containsExactly(LintCode.DUPLICATE_TITLE.code());
    assertThat(codes(rule(DETECTION), rule(DETECTION))).contains("TW-E1107");
  }

  @Test
  void fileNamesAndRefusedRules() {
    assertThat(RuleLinter.lint(List.of(new RuleSource("dir/My-Rule.yml", rule(DETECTION)))))
        .extracting(Diagnostic::code)
        .containsExactly(LintCode.FILE_NAME.code());
    assertThat(codes(rule(DETECTION.replace("endswith", "endwith")).replace("author", "#")))
        .containsExactlyInAnyOrder("TW-E1203", LintCode.NO_AUTHOR.code());
    assertThat(codes("a: [")).containsExactly("TW-E1003");
  }

  @Test
  void aRuleWithoutMeasureIsGivenUpAfterABoundedNumberOfSteps() {
    StringBuilder detection = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      detection.append(i % 2 == 0 ? "selection_" : "filter_").append(i).append(":\n");
      detection.append("    F|contains:\n");
      for (int j = 0; j < 200; j++) {
        detection.append("        - 'v").append(i * 7 + j).append("x'\n");
      }
    }
    detection.append("condition: 1 of selection_* and not all of filter_*\n");
    RuleSource source = new RuleSource("a_rule_of_the_tests.yml", rule(detection.toString()));
    SigmaRule rule = new SigmaCompiler().compile(List.of(source)).rules().get(0);
    YamlNode root =
        YamlReader.read(source.text(), new Diagnostics(source.file())).get(0).root().orElseThrow();
    Findings findings = new Findings(source.file());
    Tableau tableau = new Tableau();
    new LogicLint(new RuleDocument((YamlNode.Mapping) root), rule, findings, tableau).check();
    assertThat(findings.found()).isEmpty();
    assertThat(tableau.comparisons())
        .as("gives up at the limit; only what is under way is finished")
        .isBetween(Tableau.MAX_COMPARISONS, Tableau.MAX_COMPARISONS * 2);
  }

  @Test
  void everyCodeHasATestHere() throws Exception {
    String text = Files.readString(Path.of("src/test/java/dev/tidewatch/lint/RuleLinterTest.java"));
    assertThat(LintCode.values()).allMatch(code -> text.contains(code.name()));
    assertThat(codes(rule(DETECTION).replace("Archive", "Archive ".repeat(20))))
        .containsExactly(LintCode.LONG_TITLE.code());
  }

  @Test
  void theStarterPackHasNoWarningAndNothingWithoutSense() {
    Set<String> found = new TreeSet<>();
    for (Diagnostic diagnostic : RuleLinter.lint(RuleDirectory.read(List.of(Path.of("rules"))))) {
      if (diagnostic.severity() != Diagnostic.Severity.HINT) {
        found.add(diagnostic.where() + " " + diagnostic.code() + " " + diagnostic.message());
      }
    }
    assertThat(found).isEmpty();
  }
}
