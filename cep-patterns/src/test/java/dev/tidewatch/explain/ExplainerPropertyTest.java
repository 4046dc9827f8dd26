package dev.tidewatch.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.sigma.SigmaRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** The explanation against the matcher. */
class ExplainerPropertyTest {

  @Property(tries = 10_000)
  void firesExactlyWhereTheMatcherDoes(@ForAll long seed) throws MalformedEventException {
    RandomDetections random = new RandomDetections(seed);
    SigmaRule rule =
        ExplainedRules.rule("s:\n    F: 1\ncondition: s").withDetection(random.detection());
    String json = random.event();
    EventDocument event = EventDocument.parse(json.getBytes(StandardCharsets.UTF_8));
    boolean fires = !new ExhaustiveMatcher(List.of(rule)).match(event).isEmpty();
    Statistics.collect(fires);

    Explanation explanation = Explainer.explain(rule, event);

    assertThat(explanation.fired()).as("%s on %s", rule.detection(), json).isEqualTo(fires);
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
