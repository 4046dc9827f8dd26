package dev.tidewatch.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.RuleTests;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaRule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every test event of the rules we ship, explained as the matcher decides. */
class StarterPackExplainedTest {
  private static final Path RULES = Path.of("rules");

  @Test
  void everyTestEventIsExplainedAsItMatches() throws Exception {
    int fired = 0;
    int silent = 0;
    for (RuleSource source : RuleDirectory.read(List.of(RULES))) {
      RuleTests tests = RuleTests.beside(RULES.resolve(source.file())).orElseThrow();
      for (SigmaRule rule : new SigmaCompiler().compile(List.of(source)).rules()) {
        ExhaustiveMatcher matcher = new ExhaustiveMatcher(List.of(rule));
        for (RuleTests.Case test : tests.cases()) {
          EventDocument event =
              EventDocument.parse(test.payload().getBytes(StandardCharsets.UTF_8));
          boolean expected = !matcher.match(event).isEmpty();
          assertThat(Explainer.explain(rule, event).fired())
              .as(source.file() + ": " + test.name())
              .isEqualTo(expected);
          fired += expected ? 1 : 0;
          silent += expected ? 0 : 1;
        }
      }
    }
    assertThat(fired).isGreaterThan(80);
    assertThat(silent).isGreaterThan(80);
  }
}
