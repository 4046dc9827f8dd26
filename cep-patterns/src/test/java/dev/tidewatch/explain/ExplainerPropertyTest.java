package dev.tidewatch.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.sigma.SigmaRule;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** The explanation against the matcher. */
class ExplainerPropertyTest {

  private static final int RULES = 20;
  private static final int EVENTS = 4;

  /** Rules share an index, which costs more than many explanations: 10,000 of them in all. */
  @Property(tries = 125)
  void firesExactlyWhereTheMatcherDoes(@ForAll long seed) throws MalformedEventException {
    RandomDetections random = new RandomDetections(seed);
    SigmaRule rule = ExplainedRules.rule("s:\n    F: 1\ncondition: s");
    List<SigmaRule> rules =
        Stream.generate(() -> rule.withDetection(random.detection())).limit(RULES).toList();
    ExhaustiveMatcher reference = new ExhaustiveMatcher(rules);
    IndexedMatcher matcher = new IndexedMatcher(rules);
    for (int i = 0; i < EVENTS; i++) {
      String json = random.event();
      EventDocument event = EventDocument.parse(json.getBytes(StandardCharsets.UTF_8));
      Set<SigmaRule> fired = Collections.newSetFromMap(new IdentityHashMap<>());
      reference.match(event).forEach(match -> fired.add(match.rule()));
      for (SigmaRule explained : rules) {
        check(explained, event, matcher, fired.contains(explained));
      }
    }
  }

  private static void check(
      SigmaRule rule, EventDocument event, IndexedMatcher matcher, boolean fires) {
    Statistics.collect(fires);
    Explanation explanation = Explainer.explain(rule, event, matcher);
    assertThat(explanation.fired()).as("%s on %s", rule.detection(), event.raw()).isEqualTo(fires);
    explanation.selections().forEach(s -> reasonsAgree(s.search()));
    assertThat(ExplanationJson.of(explanation).path("fired").asBoolean()).isEqualTo(fires);
  }

  private static void reasonsAgree(SearchResult result) {
    if (result instanceof SearchResult.Test test) {
      assertThat(test.why() == Why.MATCHED).as(test.toString()).isEqualTo(test.holds());
    } else if (result instanceof SearchResult.Every every) {
      every.parts().forEach(ExplainerPropertyTest::reasonsAgree);
    } else if (result instanceof SearchResult.Any any) {
      any.parts().forEach(ExplainerPropertyTest::reasonsAgree);
    } else {
      reasonsAgree(((SearchResult.Negated) result).part());
    }
  }
}
