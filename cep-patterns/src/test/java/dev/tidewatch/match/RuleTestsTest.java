package dev.tidewatch.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.RuleTests;
import dev.tidewatch.sigma.SigmaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleTestsTest {
  private static final List<SigmaRule> RULES =
      Sigma.compile(Sigma.rule("s:\n    F|contains: abc\n    N: 5\ncondition: s")).rules();

  @Test
  void runsEventsAndChecksTheFieldsReported() {
    RuleTests tests =
        read(
            """
            should-match:
                - name: plain
                  event: {Channel: Security, EventID: 1, F: xabcx, N: 5, deep: {list: [1.50, null, true]}}
                  fields: {F: xabcx}
                - event: '{"Channel":"Security","EventID":1,"F":"ABC","N":"5"}'
                  fields: [F, N]
            should-not-match:
                - name: other number
                  event: {Channel: Security, EventID: 1, F: xabcx, N: 6}
            """);
    assertThat(tests.diagnostics()).isEmpty();
    assertThat(tests.cases().get(0).payload()).contains("\"deep\":{\"list\":[1.50,null,true]}");
    assertThat(run(tests)).containsExactly("", "", "");
  }

  @Test
  void saysWhyATestFails() {
    RuleTests tests =
        read(
            """
            should-match:
                - event: {Channel: Security, EventID: 1, F: nothing, N: 5}
                - event: {Channel: Application, EventID: 1, F: abc, N: 5}
                - event: {Channel: Security, EventID: 1, F: abc, N: 5}
                  fields: {F: other}
                - event: '{"broken'
            should-not-match:
                - event: {Channel: Security, EventID: 1, F: abc, N: 5}
            """);
    List<String> failures = run(tests);
    assertThat(failures.get(0)).isEqualTo("should match, and does not");
    assertThat(failures.get(1)).contains("no rule's log source covers the event's");
    assertThat(failures.get(2)).isEqualTo("the match does not report F = other");
    assertThat(failures.get(3)).startsWith("the event cannot be read");
    assertThat(failures.get(4)).startsWith("should not match, and does");
  }

  @Test
  void refusesOtherShapesWithTheirPlaces() {
    RuleTests tests =
        read(
            """
            should-mach: []
            should-match: {a: b}
            should-not-match:
                - {evnt: {}}
                - event: 5
                - {event: {a: 1}, feilds: []}
                - {event: {a: 1}, fields: 7}
            """);
    assertThat(tests.diagnostics()).extracting(Diagnostic::line).containsExactly(1, 2, 4, 5, 6, 7);
    assertThat(tests.diagnostics()).allMatch(d -> d.code().equals("TW-E1501"));
    assertThat(read("- a\n").diagnostics()).hasSize(1);
    assertThat(read("").diagnostics()).hasSize(1);
  }

  @Test
  void findsTheFileBesideTheRule(@TempDir Path directory) throws IOException {
    Path rule = Files.writeString(directory.resolve("x.yml"), "");
    assertThat(RuleTests.beside(rule)).isEmpty();
    Files.writeString(directory.resolve("x.tests.yml"), "should-match: [{event: {a: 1}}]");
    assertThat(RuleTests.beside(rule).orElseThrow().cases()).hasSize(1);
  }

  private static List<String> run(RuleTests tests) {
    return new RuleTestRunner(RULES)
        .run(tests).stream().map(RuleTestRunner.Outcome::failure).toList();
  }

  private static RuleTests read(String text) {
    return RuleTests.read(new RuleSource("x.tests.yml", text));
  }
}
