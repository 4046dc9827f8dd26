package dev.tidewatch.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.correlation.reference.ReferenceCorrelation;
import dev.tidewatch.correlation.reference.ReferenceEpisode;
import dev.tidewatch.remember.Match;
import dev.tidewatch.remember.StatefulRule;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * The machines against the reference: the same episodes, whatever the order of arrival, the steps
 * of the watermark and the restarts in between.
 */
class CorrelationPropertyTest {
  private static final int TRIES = 4_000;

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void eventCount(@ForAll long seed) {
    check(CorrelationType.EVENT_COUNT, seed);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void valueCount(@ForAll long seed) {
    check(CorrelationType.VALUE_COUNT, seed);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void temporal(@ForAll long seed) {
    check(CorrelationType.TEMPORAL, seed);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void temporalOrdered(@ForAll long seed) {
    check(CorrelationType.TEMPORAL_ORDERED, seed);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void valueSum(@ForAll long seed) {
    check(CorrelationType.VALUE_SUM, seed);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void valueAvg(@ForAll long seed) {
    check(CorrelationType.VALUE_AVG, seed);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void valuePercentile(@ForAll long seed) {
    check(CorrelationType.VALUE_PERCENTILE, seed);
  }

  private static void check(CorrelationType type, long seed) {
    Random random = new Random(seed);
    RandomStreams streams = new RandomStreams(random);
    CorrelationPlan plan = streams.plan(type);
    List<Match> matches = streams.matches(plan);
    long suppress = random.nextInt(3) == 0 ? random.nextInt(40) : 0;
    List<ReferenceEpisode> expected = new ReferenceCorrelation(plan).episodes(matches, suppress);
    StatefulRule rule = TestRules.of(plan, suppress);
    assertThat(new GroupDriver(rule).inOrder(matches).episodes())
        .as("in order: %s, suppress %d, %s", plan, suppress, matches)
        .isEqualTo(expected);
    assertThat(new GroupDriver(rule).shuffled(matches, random.nextInt(30), random).episodes())
        .as("shuffled: %s, suppress %d, %s", plan, suppress, matches)
        .isEqualTo(expected);
  }
}
