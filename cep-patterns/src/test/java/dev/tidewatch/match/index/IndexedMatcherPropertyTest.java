package dev.tidewatch.match.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.match.MatchSession;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.sigma.SigmaRule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random rules on random events: the same rules fire as by the reference. Pairs of a rule and an
 * event: 50,000, or the system property {@code tidewatch.pairs}; {@code tidewatch.seed} for others.
 */
class IndexedMatcherPropertyTest {
  private static final int RULES = 50;
  private static final int EVENTS = 50;

  @Test
  void firesWhatTheReferenceFires() throws Exception {
    long pairs =
        Long.getLong(
            "tidewatch.pairs", Boolean.getBoolean("tidewatch.nightly") ? 1_000_000 : 50_000);
    Random random = new Random(Long.getLong("tidewatch.seed", 20_261_120L));
    RandomRules generator = new RandomRules(random);
    long fired = 0;
    long left = 0;
    for (long done = 0; done < pairs; done += RULES * EVENTS) {
      List<SigmaRule> rules = generator.rules(RULES);
      ExhaustiveMatcher reference = new ExhaustiveMatcher(rules);
      MatchSession session = new IndexedMatcher(rules).newSession();
      for (int i = 0; i < EVENTS; i++) {
        fired += check(rules, reference, session, generator.event());
      }
      left += session.leftToReference();
    }
    System.out.printf("%d pairs, %d fired, %d events left to the reference%n", pairs, fired, left);
    assertThat(fired).isBetween(pairs / 50, pairs / 2);
    assertThat(left).isLessThan(pairs / RULES / 2);
  }

  private static int check(
      List<SigmaRule> rules, ExhaustiveMatcher reference, MatchSession session, String json)
      throws Exception {
    byte[] payload = json.getBytes(StandardCharsets.UTF_8);
    List<SigmaRule> expected =
        reference.match(EventDocument.parse(payload)).stream().map(RuleMatch::rule).toList();
    int count = session.match(payload);
    List<SigmaRule> actual = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      actual.add(rules.get(session.fired(i)));
    }
    if (!actual.equals(expected)) {
      List<SigmaRule> wrong = new ArrayList<>(expected);
      wrong.removeAll(actual);
      actual.removeAll(expected);
      assertThat(List.of())
          .as("%s%nmissed %s%nwrongly fired %s", json, details(wrong), details(actual))
          .isEqualTo(wrong.isEmpty() ? actual : wrong);
    }
    return count;
  }

  private static List<String> details(List<SigmaRule> rules) {
    return rules.stream().map(rule -> rule.logSource() + " " + rule.detection()).toList();
  }
}
