package dev.tidewatch.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.pattern.machines.SequenceMachine;
import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.pattern.plan.PlanStep;
import dev.tidewatch.remember.EpisodeUpdate;
import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.Match;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SequencePropertyTest {
  private static final int EVENTS = 14;

  @Property(tries = 3_000)
  void findsWhatTryingEverythingFinds(@ForAll long seed) {
    Random random = new Random(seed);
    PatternPlan plan = RandomSequences.plan(random);
    List<Match> matches = RandomSequences.matches(random, random.nextInt(EVENTS + 1));
    Map<Long, Long> expected = new SequenceReference(plan, matches).episodes();

    Collection<EpisodeUpdate> found = new Replay(new SequenceMachine(plan)).inOrder(matches);

    if (plan.positive().stream().allMatch(step -> step.times().isOnce())) {
      assertThat(begins(found)).as("%s over %s", plan, matches).isEqualTo(expected);
    } else {
      // A repeated step shows more events than it needs, and with them an earlier begin.
      assertThat(begins(found).keySet())
          .as("%s over %s", plan, matches)
          .isEqualTo(expected.keySet());
      begins(found)
          .forEach((open, begin) -> assertThat(begin).isLessThanOrEqualTo(expected.get(open)));
    }
    found.forEach(episode -> isAMatch(plan, episode));
  }

  @Property(tries = 1_500)
  void isTheSameHoweverEventsArriveAndStateIsRestored(@ForAll long seed) {
    Random random = new Random(seed);
    PatternPlan plan = RandomSequences.plan(random);
    List<Match> matches = RandomSequences.matches(random, 40);
    Collection<EpisodeUpdate> expected = new Replay(new SequenceMachine(plan)).inOrder(matches);

    Collection<EpisodeUpdate> found =
        new Replay(new SequenceMachine(plan)).shuffled(matches, random.nextInt(12), random);

    assertThat(Replay.said(found)).as("%s", plan).isEqualTo(Replay.said(expected));
  }

  private static Map<Long, Long> begins(Collection<EpisodeUpdate> episodes) {
    Map<Long, Long> begins = new LinkedHashMap<>();
    episodes.forEach(episode -> begins.put(episode.openMicros(), episode.firstMicros()));
    return begins;
  }

  private static void isAMatch(PatternPlan plan, EpisodeUpdate episode) {
    int fewest =
        plan.positive().stream()
            .mapToInt(step -> step.isConjunction() ? step.bodies().size() : step.times().min())
            .sum();
    assertThat(episode.count()).isGreaterThanOrEqualTo(fewest);
    // Two matches that end in one microsecond are one episode.
    assertThat(episode.evidence().size())
        .isGreaterThanOrEqualTo((int) Math.min(32, episode.count()));
    List<Long> times = episode.evidence().stream().map(EventRef::timeMicros).toList();
    assertThat(times).isSorted();
    assertThat(times.get(times.size() - 1) - times.get(0)).isLessThanOrEqualTo(plan.withinMicros());
    long members = plan.positive().stream().mapToLong(PlanStep::mask).reduce(0, (a, b) -> a | b);
    assertThat(episode.evidence())
        .allMatch(event -> (members >>> event.member() & 1) != 0)
        .doesNotHaveDuplicates();
  }
}
