package dev.tidewatch.jobs.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.EventReader;
import dev.tidewatch.match.Matcher;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GuardedMatcherTest {
  private final EventDocument event;

  GuardedMatcherTest() throws Exception {
    event = new EventReader().read("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
  }

  /** Every rule fires, but for those that fail. */
  private record FakeMatcher(List<SigmaRule> rules, Set<String> failing) implements Matcher {
    @Override
    public List<RuleMatch> match(EventDocument event) {
      return rules.stream()
          .map(
              rule -> {
                if (failing.contains(rule.title())) {
                  throw new IllegalStateException(rule.title());
                }
                return new RuleMatch(rule, List.of());
              })
          .toList();
    }
  }

  private static GuardedMatcher matcher(int rules, int maxFailures, String... failing) {
    return new GuardedMatcher(
        new FakeMatcher(rules(rules), Set.of(failing)),
        some -> new FakeMatcher(some, Set.of(failing)),
        new RuleFaults(maxFailures));
  }

  static List<SigmaRule> rules(int count) {
    List<RuleSource> sources =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    new RuleSource(
                        i + ".yml",
                        """
                        title: rule%d
                        id: 00000000-0000-4000-8000-%012d
                        status: test
                        level: low
                        logsource:
                          product: windows
                        detection:
                          selection:
                            a: 1
                          condition: selection
                        """
                            .formatted(i, i)))
            .toList();
    List<SigmaRule> rules = new SigmaCompiler().compile(sources).rules();
    assertThat(rules).hasSize(count);
    return rules;
  }

  private List<String> fired(GuardedMatcher matcher) {
    return matcher.match(event).stream().map(match -> match.rule().title()).toList();
  }

  @Test
  void theOthersFireThoughOneRuleFails() {
    GuardedMatcher matcher = matcher(3, 100, "rule1");

    assertThat(fired(matcher)).containsExactly("rule0", "rule2");
    assertThat(matcher.failures()).isEqualTo(1);
    assertThat(matcher.rules()).hasSize(3);
  }

  @Test
  void aRuleThatFailsTooOftenIsTakenOut() {
    GuardedMatcher matcher = matcher(3, 2, "rule1");
    fired(matcher);
    fired(matcher);

    assertThat(matcher.rules()).extracting(SigmaRule::title).containsExactly("rule0", "rule2");
    assertThat(fired(matcher)).containsExactly("rule0", "rule2");
    assertThat(matcher.failures()).as("no failure once it is out").isEqualTo(2);
  }

  @Test
  void anEventThatManyRulesFailOnDisablesNone() {
    GuardedMatcher matcher = matcher(6, 1, "rule0", "rule1", "rule2", "rule3", "rule4");

    assertThat(fired(matcher)).containsExactly("rule5");
    assertThat(fired(matcher)).containsExactly("rule5");
    assertThat(matcher.rules()).hasSize(6);
  }
}
