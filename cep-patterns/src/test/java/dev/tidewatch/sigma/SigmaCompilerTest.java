package dev.tidewatch.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.util.List;
import org.junit.jupiter.api.Test;

class SigmaCompilerTest {
  private static final String RULE =
      """
      title: Whoami
      id: 5f4dcc3b-5aa7-45d6-9c5e-0a1b2c3d4e5f
      name: whoami
      status: test
      description: |
          Someone asks who they are.
      author: A, B
      references: [https://example.org]
      tags:
          - attack.discovery
          - attack.t1033
          - attack.t1059.001
          - attack.command_and_control
          - cve.2025-1234
      falsepositives: [Administrators]
      level: low
      logsource:
          product: Windows
          category: process_creation
      detection:
          selection:
              Image|endswith: '\\whoami.exe'
          condition: selection
      """;

  @Test
  void readsTheHead() {
    SigmaRule rule = compile(RULE).rules().get(0);
    assertThat(rule.id()).isEqualTo("5f4dcc3b-5aa7-45d6-9c5e-0a1b2c3d4e5f");
    assertThat(rule.version()).isEqualTo(1);
    assertThat(rule.hash()).matches("[0-9a-f]{16}");
    assertThat(rule.title()).isEqualTo("Whoami");
    assertThat(rule.name()).isEqualTo("whoami");
    assertThat(rule.description()).isEqualTo("Someone asks who they are.");
    assertThat(rule.author()).isEqualTo("A, B");
    assertThat(rule.status()).isEqualTo("test");
    assertThat(rule.level()).isEqualTo("low");
    assertThat(rule.logSource()).isEqualTo(new LogSource("windows", "process_creation", ""));
    assertThat(rule.techniqueIds()).containsExactly("T1033", "T1059.001");
    assertThat(rule.tactics()).containsExactly("discovery", "command-and-control");
    assertThat(rule.falsePositives()).containsExactly("Administrators");
    assertThat(rule.references()).containsExactly("https://example.org");
    assertThat(rule.file()).isEqualTo("r0.yml");
    assertThat(rule.source()).isEqualTo(RULE);
  }

  @Test
  void aBadRuleCostsOnlyItself() {
    String bad = RULE.replace("endswith", "endwith").replace("5f4d", "6f4d");
    String other = RULE.replace("5f4d", "7f4d");
    Compilation compilation = compile(RULE, bad, "a: [", other);
    assertThat(compilation.files()).isEqualTo(4);
    assertThat(compilation.rules()).hasSize(2);
    assertThat(compilation.refused()).isEqualTo(2);
    assertThat(compilation.refusedByCode())
        .containsEntry("TW-E1203", 1)
        .containsEntry("TW-E1003", 1);
  }

  @Test
  void aTextThatEncodesToNothingIsRefused() {
    for (String modifiers : List.of("base64offset|contains", "utf16le|base64offset|neq")) {
      String rule =
          RULE.replaceFirst("condition: .*", "condition: s")
              .replaceFirst("detection:", "detection:\n    s:\n        F|" + modifiers + ": ''");
      Compilation compilation = compile(rule);
      assertThat(compilation.refusedByCode()).as(rule).containsKey("TW-E1210");
    }
  }

  @Test
  void twoRulesWithOneIdAreNotBothTaken() {
    Compilation compilation = compile(RULE, RULE);
    assertThat(compilation.rules()).extracting(SigmaRule::file).containsExactly("r0.yml");
    assertThat(compilation.refusedByCode()).containsExactly(java.util.Map.entry("TW-E1107", 1));
  }

  @Test
  void documentsOfOneFileAreRulesOfTheirOwn() {
    String two = RULE + "---\n" + RULE.replace("5f4d", "6f4d");
    List<SigmaRule> rules = compile(two).rules();
    assertThat(rules).hasSize(2);
    assertThat(rules.get(0).source()).isEqualTo(RULE);
    assertThat(rules.get(1).source()).startsWith("title: Whoami\nid: 6f4d");
    assertThat(rules.get(0).hash()).isNotEqualTo(rules.get(1).hash());
  }

  @Test
  void anEmptyFileIsAFinding() {
    assertThat(compile("# nothing\n").refusedByCode()).containsKey("TW-E1007");
  }

  @Test
  void hugeListsCompile() {
    StringBuilder rule = new StringBuilder(RULE.replace("'\\whoami.exe'", ""));
    int at = rule.indexOf("endswith:") + "endswith:".length();
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      values.append("\n            - v").append(i);
    }
    rule.insert(at, values);
    assertThat(compile(rule.toString()).rules()).hasSize(1);
  }

  @Test
  void reportsAsJson() {
    List<RuleSource> sources = List.of(new RuleSource("r.yml", RULE.replace("endswith", "ends")));
    ObjectNode json = new CheckReport(sources, new SigmaCompiler().compile(sources)).toJson();
    assertThat(json.get("summary").toString())
        .isEqualTo(
            "{\"files\":1,\"rules\":1,\"compiled\":0,\"stateful\":0,\"refused\":1,"
                + "\"refused_by_code\":{\"TW-E1203\":1},\"errors\":1,\"warnings\":0,\"hints\":0}");
    assertThat(json.get("diagnostics")).hasSize(1);
    assertThat(json.get("diagnostics").get(0).get("severity").textValue()).isEqualTo("error");
    assertThat(json.get("diagnostics").get(0).get("line").intValue()).isEqualTo(22);
  }

  private static Compilation compile(String... texts) {
    List<RuleSource> sources = new java.util.ArrayList<>();
    for (String text : texts) {
      sources.add(new RuleSource("r" + sources.size() + ".yml", text));
    }
    return new SigmaCompiler().compile(sources);
  }
}
