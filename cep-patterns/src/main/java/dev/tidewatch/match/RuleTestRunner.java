package dev.tidewatch.match;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.sigma.RuleTests;
import dev.tidewatch.sigma.RuleTests.Case;
import dev.tidewatch.sigma.RuleTests.ExpectedField;
import dev.tidewatch.sigma.SigmaRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Runs the test events of a rule file against its rules. */
public final class RuleTestRunner {
  private final Matcher matcher;

  /**
   * @param rules of the file that the tests stand beside
   */
  public RuleTestRunner(List<SigmaRule> rules) {
    this.matcher = new ExhaustiveMatcher(rules);
  }

  /**
   * What became of one event.
   *
   * @param failure empty when it went as it should
   */
  public record Outcome(Case test, String failure) {
    public boolean passed() {
      return failure.isEmpty();
    }
  }

  /** One outcome a case, in their order. */
  public List<Outcome> run(RuleTests tests) {
    return tests.cases().stream().map(test -> new Outcome(test, failure(test))).toList();
  }

  private String failure(Case test) {
    try {
      EventDocument event = EventDocument.parse(test.payload().getBytes(StandardCharsets.UTF_8));
      List<RuleMatch> matches = matcher.match(event);
      if (test.shouldMatch() && matches.isEmpty()) {
        return "should match, and does not" + logSourceNote(event);
      }
      if (!test.shouldMatch() && !matches.isEmpty()) {
        return "should not match, and does: " + matches.get(0).fields();
      }
      return missing(test, matches);
    } catch (MalformedEventException e) {
      return "the event cannot be read: " + e.getMessage();
    }
  }

  private String logSourceNote(EventDocument event) {
    boolean covered =
        matcher.rules().stream().anyMatch(rule -> event.isCoveredBy(rule.logSource()));
    return covered ? "" : "; no rule's log source covers the event's: " + event.logSources();
  }

  private static String missing(Case test, List<RuleMatch> matches) {
    return test.fields().stream()
        .filter(field -> matches.stream().noneMatch(match -> reports(match, field)))
        .map(field -> field.name() + field.value().map(v -> " = " + v).orElse(""))
        .collect(
            Collectors.collectingAndThen(
                Collectors.joining(", "),
                names -> names.isEmpty() ? "" : "the match does not report " + names));
  }

  private static boolean reports(RuleMatch match, ExpectedField expected) {
    return match.fields().stream()
        .anyMatch(
            field ->
                field.field().equals(expected.name())
                    && expected.value().map(field.value()::equals).orElse(true));
  }
}
