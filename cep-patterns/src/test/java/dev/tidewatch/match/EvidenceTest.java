package dev.tidewatch.match;

import static dev.tidewatch.match.Sigma.matcher;
import static dev.tidewatch.match.Sigma.matches;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.match.RuleMatch.Field;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvidenceTest {

  @Test
  void reportsWhatHeldInRuleOrder_withItsSelectionOperatorAndPattern() {
    Matcher matcher =
        matcher(
            """
            image:
                Image|endswith: ['\\powershell.exe', '\\pwsh.exe']
            line:
                CommandLine|contains|all: ['-enc', 'iex']
            filter:
                User: system
            condition: image and line and not filter
            """);
    assertThat(fields(matcher, "\"Image\":\"C:\\\\PowerShell.exe\",\"CommandLine\":\"IEX -ENC x\""))
        .containsExactly(
            new Field("Image", "C:\\PowerShell.exe", "image", "endswith", "\\powershell.exe"),
            new Field("CommandLine", "IEX -ENC x", "line", "contains", "-enc"),
            new Field("CommandLine", "IEX -ENC x", "line", "contains", "iex"));
  }

  @Test
  void reportsEveryBranchOfAnOrThatHeld() {
    Matcher matcher = matcher("a:\n    F: 1\nb:\n    G: 2\nc:\n    H: 3\ncondition: 1 of them");
    assertThat(fields(matcher, "\"F\":1,\"H\":3"))
        .extracting(Field::selection)
        .containsExactly("a", "c");
  }

  @Test
  void reportsTheElementOfAnArrayThatHeld() {
    Matcher matcher = matcher("a:\n    F|startswith: b\ncondition: a");
    assertThat(fields(matcher, "\"F\":[\"abc\",\"Bcd\",\"bzz\"]"))
        .containsExactly(new Field("F", "Bcd", "a", "startswith", "b"));
  }

  @Test
  void reportsKeywordsNullsExistenceAndNeq() {
    Matcher matcher =
        matcher(
            """
            k: [mimikatz]
            f:
                A: null
                B|exists: true
                C|neq: [x, y]
                D|re: '^d'
                E|cidr: 10.0.0.0/8
                G|gt: 5
            condition: k and f
            """);
    String event =
        "\"m\":\"a Mimikatz b\",\"B\":null,\"C\":\"z\",\"D\":\"dd\",\"E\":\"10.1.1.1\",\"G\":6";
    assertThat(fields(matcher, event))
        .containsExactly(
            new Field("", "a Mimikatz b", "k", "keyword", "mimikatz"),
            new Field("A", "", "f", "null", "null"),
            new Field("B", "null", "f", "exists", "true"),
            new Field("C", "z", "f", "neq", "x, y"),
            new Field("D", "dd", "f", "re", "^d"),
            new Field("E", "10.1.1.1", "f", "cidr", "10.0.0.0/8"),
            new Field("G", "6", "f", "gt", "5"));
  }

  @Test
  void cutsLongValues() {
    Matcher matcher = matcher("a:\n    F|contains: x\ncondition: a");
    String value = fields(matcher, "\"F\":\"" + "x".repeat(100_000) + "\"").get(0).value();
    assertThat(value).hasSize(4_097).endsWith("…");
  }

  private static List<Field> fields(Matcher matcher, String event) {
    List<RuleMatch> matches = matches(matcher, event);
    assertThat(matches).hasSize(1);
    return matches.get(0).fields();
  }
}
