package dev.tidewatch.pattern;

import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.remember.EpisodeUpdate;
import dev.tidewatch.remember.GroupKey;
import dev.tidewatch.remember.GroupRun;
import dev.tidewatch.remember.GroupState;
import dev.tidewatch.remember.Machine;
import dev.tidewatch.remember.Match;
import dev.tidewatch.remember.Member;
import dev.tidewatch.remember.RememberOutput;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.parse.RuleHead;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Runs a machine for one group as the job does: shuffled, watermark by watermark, restored. */
final class Replay implements RememberOutput {
  private static final GroupKey KEY = new GroupKey("default", "rule", 1, "a");

  private final Map<Long, EpisodeUpdate> episodes = new TreeMap<>();
  private final GroupRun run;

  Replay(Machine machine) {
    run = new GroupRun(rule(machine), Duration.ZERO, this);
  }

  static StatefulRule rule(Machine machine) {
    RuleHead head =
        new RuleHead(
            "rule",
            Place.NONE,
            "",
            "A rule",
            "",
            "",
            "test",
            "high",
            LogSource.UNKNOWN,
            List.of(),
            List.of(),
            List.of());
    return new StatefulRule(
        head,
        1,
        "0",
        "rule.yml",
        "",
        "sequence",
        List.<Member>of(),
        List.of(),
        false,
        1,
        Duration.ZERO,
        Duration.ZERO,
        machine);
  }

  /** All at once, in order. */
  Collection<EpisodeUpdate> inOrder(List<Match> matches) {
    GroupState state = new GroupState();
    matches.forEach(match -> run.add(KEY, state, match, Long.MIN_VALUE));
    run.advance(KEY, state, Long.MAX_VALUE);
    return episodes.values();
  }

  /** Arrivals up to {@code disorder} out of order, watermarks and restores at random. */
  Collection<EpisodeUpdate> shuffled(List<Match> matches, long disorder, Random random) {
    List<Match> arrivals = arrivals(matches, disorder, random);
    GroupState state = new GroupState();
    long watermark = Long.MIN_VALUE;
    for (int i = 0; i < arrivals.size(); i++) {
      run.add(KEY, state, arrivals.get(i), watermark);
      if (random.nextInt(3) == 0) {
        watermark = Math.max(watermark, furthest(arrivals, i + 1) - random.nextInt(3) - 1);
        run.advance(KEY, state, watermark);
      }
      if (random.nextInt(4) == 0) {
        state = restored(state);
      }
    }
    run.advance(KEY, state, Long.MAX_VALUE);
    if (!state.isEmpty() && state.sizeBytes() <= 0) {
      throw new IllegalStateException("a state without size");
    }
    return episodes.values();
  }

  /** What was said, but for how often. */
  static List<List<?>> said(Collection<EpisodeUpdate> episodes) {
    List<List<?>> said = new ArrayList<>();
    for (EpisodeUpdate e : episodes) {
      said.add(
          List.of(
              e.openMicros(),
              e.firstMicros(),
              e.lastMicros(),
              e.count(),
              e.evidence(),
              e.findings()));
    }
    return said;
  }

  private static List<Match> arrivals(List<Match> matches, long disorder, Random random) {
    record Arrival(Match match, long at) {}
    List<Arrival> arrivals = new ArrayList<>();
    for (Match match : matches) {
      arrivals.add(new Arrival(match, match.timeMicros() + random.nextLong(disorder + 1)));
    }
    arrivals.sort(Comparator.comparingLong(Arrival::at));
    return arrivals.stream().map(Arrival::match).toList();
  }

  /** No watermark may be at or behind what is still to arrive. */
  private static long furthest(List<Match> arrivals, int from) {
    return arrivals.subList(from, arrivals.size()).stream()
        .mapToLong(Match::timeMicros)
        .min()
        .orElse(arrivals.get(arrivals.size() - 1).timeMicros() + 50);
  }

  private static GroupState restored(GroupState state) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      state.write(new DataOutputStream(bytes));
      return GroupState.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void episode(GroupKey key, StatefulRule rule, EpisodeUpdate update) {
    episodes.put(update.openMicros(), update);
  }

  @Override
  public void overflow(GroupKey key, StatefulRule rule, String what) {
    throw new IllegalStateException(what);
  }
}
