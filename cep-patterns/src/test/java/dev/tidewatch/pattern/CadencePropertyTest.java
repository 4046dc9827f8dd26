package dev.tidewatch.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.pattern.machines.CadenceMachine;
import dev.tidewatch.pattern.plan.CadencePlan;
import dev.tidewatch.remember.EpisodeUpdate;
import dev.tidewatch.remember.Match;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class CadencePropertyTest {
  private static final long SECOND = 1_000_000;

  /** Plain and slow: when the condition comes true, over the whole sorted list. */
  private static List<Long> reference(CadencePlan plan, List<Match> matches) {
    List<Long> times = matches.stream().map(Match::timeMicros).sorted().distinct().toList();
    List<Long> opens = new ArrayList<>();
    boolean open = false;
    int from = 0;
    for (int i = 0; i < times.size(); i++) {
      if (i > 0 && times.get(i) - times.get(i - 1) > plan.silenceMicros()) {
        from = i;
      }
      boolean holds = i - from + 1 >= plan.atLeast() && regular(plan, times, i);
      if (holds && !open) {
        opens.add(times.get(i));
      }
      open = holds;
    }
    return opens;
  }

  private static boolean regular(CadencePlan plan, List<Long> times, int last) {
    List<Long> gaps =
        IntStream.range(last - plan.atLeast() + 1, last)
            .mapToObj(i -> times.get(i + 1) - times.get(i))
            .sorted()
            .toList();
    int n = gaps.size();
    long median = n % 2 == 1 ? gaps.get(n / 2) : (gaps.get(n / 2 - 1) + gaps.get(n / 2)) / 2;
    long near =
        gaps.stream().filter(g -> Math.abs(g - median) <= (long) (plan.jitter() * median)).count();
    return median >= plan.shortestMicros() && median <= plan.longestMicros() && 5 * near >= 4 * n;
  }

  private static CadencePlan plan(Random random) {
    return new CadencePlan(
        4 + random.nextInt(8), 5, 5 + random.nextInt(30), random.nextInt(5) / 10.0, 60);
  }

  private static List<Match> matches(Random random) {
    List<Match> matches = new ArrayList<>();
    long time = 0;
    long beat = 5 + random.nextInt(20);
    for (int i = 0; i < 60; i++) {
      time +=
          switch (random.nextInt(12)) {
            case 0 -> random.nextInt(80);
            case 1 -> 2 * beat;
            case 2 -> 0;
            default -> beat + random.nextInt(3) - 1;
          };
      matches.add(new Match(time, i, random.nextInt(), 0, new String[0], new String[0]));
    }
    return matches;
  }

  @Property(tries = 1_000)
  void opensWhenTheReferenceDoes(@ForAll long seed) {
    Random random = new Random(seed);
    CadencePlan plan = plan(random);
    List<Match> matches = matches(random);

    Collection<EpisodeUpdate> found = new Replay(new CadenceMachine(plan)).inOrder(matches);

    assertThat(found.stream().map(EpisodeUpdate::openMicros))
        .as("%s", plan)
        .isEqualTo(reference(plan, matches));
  }

  @Property(tries = 500)
  void isTheSameHoweverEventsArriveAndStateIsRestored(@ForAll long seed) {
    Random random = new Random(seed);
    CadencePlan plan = plan(random);
    List<Match> matches = matches(random);
    matches.sort(Comparator.comparingLong(Match::timeMicros));

    Collection<EpisodeUpdate> expected = new Replay(new CadenceMachine(plan)).inOrder(matches);
    Collection<EpisodeUpdate> found =
        new Replay(new CadenceMachine(plan)).shuffled(matches, random.nextInt(40), random);

    assertThat(Replay.said(found)).isEqualTo(Replay.said(expected));
  }

  @Example
  void aBeaconIsFoundThoughEveryTenthIsMissedAndPeopleAreNot() {
    CadencePlan plan = new CadencePlan(20, 10 * SECOND, 3_600 * SECOND, 0.1, 72_000 * SECOND);
    Random random = new Random(7);
    List<Match> beacon = new ArrayList<>();
    List<Match> person = new ArrayList<>();
    long time = 0;
    for (int i = 0; i < 200; i++) {
      time += 60 * SECOND + random.nextLong(6 * SECOND) - 3 * SECOND;
      if (i % 10 != 9) {
        beacon.add(new Match(time, i, 0, 0, new String[0], new String[0]));
      }
      long clicked = (long) (-60 * SECOND * Math.log(1 - random.nextDouble()));
      long last = person.isEmpty() ? 0 : person.get(person.size() - 1).timeMicros();
      person.add(new Match(last + clicked, i, 0, 0, new String[0], new String[0]));
    }

    assertThat(new Replay(new CadenceMachine(plan)).inOrder(beacon)).isNotEmpty();
    assertThat(new Replay(new CadenceMachine(plan)).inOrder(person)).isEmpty();
  }
}
