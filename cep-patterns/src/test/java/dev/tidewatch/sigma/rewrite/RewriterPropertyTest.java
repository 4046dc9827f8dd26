package dev.tidewatch.sigma.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.explain.RandomDetections;
import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Random detections fire on the same random events as written, after each rewrite alone, and after
 * all of them; by the reference, which plans what it is given as it is. The property tests of the
 * indexed matcher hold the whole pipeline against rules as written once more.
 */
class RewriterPropertyTest {
  private static final int DETECTIONS = Boolean.getBoolean("tidewatch.nightly") ? 20_000 : 1_500;
  private static final int EVENTS = 10;

  @Test
  void rewritesKeepOnWhichEventsADetectionHolds() throws Exception {
    SigmaRule rule = Detections.rule("s: {F: 1}\ncondition: s");
    int[] changed = new int[Rewriter.ORDER.size()];
    int fired = 0;
    for (int seed = 0; seed < DETECTIONS; seed++) {
      RandomDetections random = new RandomDetections(seed);
      Detection written = withAlternatives(random.detection(), random, seed % 3);
      List<SigmaRule> rules = new ArrayList<>(List.of(rule.withDetection(written)));
      for (int i = 0; i < changed.length; i++) {
        Detection rewritten = Rewriter.ORDER.get(i).apply(written);
        changed[i] += rewritten == written ? 0 : 1;
        rules.add(rule.withDetection(rewritten));
      }
      rules.add(rule.withDetection(Rewriter.rewrite(written)));
      ExhaustiveMatcher matcher = new ExhaustiveMatcher(rules);
      for (int i = 0; i < EVENTS; i++) {
        String json = random.event();
        int count =
            matcher.match(EventDocument.parse(json.getBytes(StandardCharsets.UTF_8))).size();
        assertThat(count).as("%s on %s", written, json).isIn(0, rules.size());
        fired += count == 0 ? 0 : 1;
      }
    }
    assertThat(fired).isBetween(DETECTIONS * EVENTS / 10, DETECTIONS * EVENTS * 9 / 10);
    for (int count : changed) {
      assertThat(count).as("how many each rewrite changed").isGreaterThan(DETECTIONS / 100);
    }
  }

  /** One selection is of many texts, so that some say the same; now and then it is negated. */
  private static Detection withAlternatives(
      Detection detection, RandomDetections random, int variant) {
    if (variant == 0) {
      return detection;
    }
    List<Search> texts =
        Stream.generate(random::predicate)
            .filter(Predicate.Text.class::isInstance)
            .limit(7)
            .<Search>map(Search.Test::new)
            .toList();
    Search any = new Search.Any(texts);
    Map<String, Search> selections = new LinkedHashMap<>(detection.selections());
    selections.put("s0", variant == 1 ? any : new Search.Negated(any));
    return new Detection(selections, detection.condition());
  }
}
