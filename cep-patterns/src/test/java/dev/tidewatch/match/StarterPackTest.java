package dev.tidewatch.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.sigma.CheckReport;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.RuleTests;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules we ship: each compiles without a finding and has tests that pass. */
class StarterPackTest {
  private static final Path RULES = Path.of("rules");

  @Test
  void compilesAsOneSetWithoutAFinding() {
    List<RuleSource> sources = RuleDirectory.read(List.of(RULES));
    Compilation compilation = new SigmaCompiler().compile(sources);
    assertThat(compilation.diagnostics())
        .as(new CheckReport(sources, compilation).toText())
        .isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> everyRuleHasATestThatMatchesAndOneThatDoesNot() {
    return RuleDirectory.read(List.of(RULES)).stream()
        .map(source -> DynamicTest.dynamicTest(source.file(), () -> check(source)));
  }

  private static void check(RuleSource source) throws IOException {
    Compilation compilation = new SigmaCompiler().compile(List.of(source));
    RuleTests tests = RuleTests.beside(RULES.resolve(source.file())).orElseThrow();
    assertThat(tests.diagnostics()).isEmpty();
    if (compilation.rules().isEmpty()) {
      // A correlation or pattern: StarterStreamsTest runs its streams.
      assertThat(tests.streams())
          .anyMatch(stream -> !stream.episodes().isEmpty())
          .anyMatch(stream -> stream.episodes().isEmpty());
      return;
    }
    assertThat(tests.cases()).anyMatch(c -> c.shouldMatch()).anyMatch(c -> !c.shouldMatch());
    assertThat(new RuleTestRunner(compilation.rules()).run(tests))
        .allSatisfy(o -> assertThat(o.failure()).as(o.test().name()).isEmpty());
  }
}
