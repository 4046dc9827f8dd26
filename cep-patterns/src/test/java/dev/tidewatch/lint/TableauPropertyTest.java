package dev.tidewatch.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.explain.RandomDetections;
import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.match.SinglePredicate;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Predicate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** What the linter calls impossible or certain, against events. */
class TableauPropertyTest {
  private static final SigmaRule RULE =
      new SigmaCompiler()
          .compile(
              List.of(
                  new RuleSource(
                      "r.yml",
                      "title: t\nlogsource: {product: windows}\n"
                          + "detection: {s: {F: 1}, condition: s}\n")))
          .rules()
          .get(0);

  @Property(tries = 4_000)
  void impossibleRulesNeverMatch_certainOnesAlways(@ForAll long seed) throws Exception {
    RandomDetections random = new RandomDetections(seed);
    Detection detection = random.detection();
    Formula formula = Formula.of(detection);
    boolean impossible = new Tableau().isImpossible(formula);
    boolean certain = new Tableau().isImpossible(new Formula.No(formula));
    Statistics.collect(impossible ? "impossible" : certain ? "certain" : "open");
    assertThat(impossible && certain).isFalse();
    for (int i = 0; i < 5; i++) {
      String event = random.event();
      boolean fires = fires(detection, event);
      assertThat(fires && impossible).as("%s on %s", detection, event).isFalse();
      assertThat(!fires && certain).as("%s on %s", detection, event).isFalse();
    }
  }

  @Property(tries = 20_000)
  void implicationsAndExclusionsAreTrueOfEveryEvent(@ForAll long seed) throws Exception {
    RandomDetections random = new RandomDetections(seed);
    Predicate first = random.predicate();
    Predicate second = random.predicate();
    boolean implies = Implication.implies(first, second);
    boolean excludes = Implication.excludes(first, second);
    Statistics.collect(implies, excludes);
    for (int i = 0; i < 3 && (implies || excludes); i++) {
      EventDocument event = event(random.event());
      if (SinglePredicate.holds(first, event)) {
        boolean also = SinglePredicate.holds(second, event);
        assertThat(!implies || also).as("%s implies %s, %s", first, second, event.raw()).isTrue();
        assertThat(excludes && also).as("%s excludes %s, %s", first, second, event.raw()).isFalse();
      }
    }
  }

  @Property(tries = 4_000)
  void holdsForNothingIsWhatHappensWithoutFields(@ForAll long seed) throws Exception {
    Detection detection = new RandomDetections(seed).detection();
    boolean fires = fires(detection, "{\"Channel\":\"Security\",\"EventID\":5379}");
    boolean keywords = detection.toString().contains("field=,");
    if (!keywords) {
      assertThat(Formula.holdsForNothing(Formula.of(detection)))
          .as(detection.toString())
          .isEqualTo(fires);
    }
  }

  private static boolean fires(Detection detection, String event) throws Exception {
    SigmaRule rule = RULE.withDetection(detection);
    return !new ExhaustiveMatcher(List.of(rule)).match(event(event)).isEmpty();
  }

  private static EventDocument event(String json) throws Exception {
    return EventDocument.parse(json.getBytes(StandardCharsets.UTF_8));
  }
}
