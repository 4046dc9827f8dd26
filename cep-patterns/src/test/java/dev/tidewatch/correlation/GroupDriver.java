package dev.tidewatch.correlation;

import dev.tidewatch.correlation.reference.ReferenceEpisode;
import dev.tidewatch.remember.EpisodeUpdate;
import dev.tidewatch.remember.GroupKey;
import dev.tidewatch.remember.GroupRun;
import dev.tidewatch.remember.GroupState;
import dev.tidewatch.remember.Match;
import dev.tidewatch.remember.RememberOutput;
import dev.tidewatch.remember.StatefulRule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Drives one group as an operator would: late, in steps, with restarts. */
final class GroupDriver implements RememberOutput {
  private static final GroupKey KEY = new GroupKey("t", "rule", 1);

  private final GroupRun run;
  private final Map<Long, EpisodeUpdate> episodes = new TreeMap<>();
  private final List<String> overflows = new ArrayList<>();
  private int skipped;
  private GroupState state = new GroupState();

  GroupDriver(StatefulRule rule) {
    run = new GroupRun(rule, this);
  }

  @Override
  public void episode(GroupKey key, StatefulRule rule, EpisodeUpdate update) {
    EpisodeUpdate before = episodes.put(update.openMicros(), update);
    if (update.first() != (before == null)) {
      throw new AssertionError("told as new: " + update.first() + ", before: " + before);
    }
    if (before != null && before.count() > update.count()) {
      throw new AssertionError("counted back from " + before + " to " + update);
    }
  }

  @Override
  public void overflow(GroupKey key, StatefulRule rule, String what) {
    overflows.add(what);
  }

  @Override
  public void skipped(GroupKey key, StatefulRule rule) {
    skipped++;
  }

  int skipped() {
    return skipped;
  }

  List<String> overflows() {
    return overflows;
  }

  List<EpisodeUpdate> updates() {
    return List.copyOf(episodes.values());
  }

  GroupState state() {
    return state;
  }

  List<ReferenceEpisode> episodes() {
    return episodes.values().stream()
        .map(
            e ->
                new ReferenceEpisode(
                    e.openMicros(), e.firstMicros(), e.lastMicros(), e.count(), e.evidence()))
        .toList();
  }

  /** All matches in order, the watermark right behind each. */
  GroupDriver inOrder(List<Match> matches) {
    matches.stream().sorted(Match.ORDER).forEach(this::add);
    return finish();
  }

  /** One match, then the watermark right before its time. */
  void add(Match match) {
    run.advance(KEY, state, match.timeMicros() - 1);
    run.add(KEY, state, match, match.timeMicros() - 1);
  }

  void advance(long watermarkMicros) {
    run.advance(KEY, state, watermarkMicros);
  }

  GroupDriver finish() {
    run.advance(KEY, state, Long.MAX_VALUE);
    if (!state.isEmpty()) {
      throw new AssertionError("something is remembered beyond the end of time");
    }
    return this;
  }

  /** Shuffled within {@code lateness}, watermarks and restarts at random. */
  GroupDriver shuffled(List<Match> matches, long lateness, Random random) {
    record Arrival(long at, Match match) {}
    List<Arrival> arrivals =
        matches.stream()
            .map(m -> new Arrival(m.timeMicros() + random.nextLong(lateness + 1), m))
            .sorted(Comparator.comparingLong(Arrival::at))
            .toList();
    long watermark = Long.MIN_VALUE;
    for (Arrival arrival : arrivals) {
      if (random.nextBoolean()) {
        watermark = Math.max(watermark, arrival.at() - lateness - 1 - random.nextInt(3));
        long wake = run.advance(KEY, state, watermark);
        if (wake <= watermark) {
          throw new AssertionError("asked to be woken in the past");
        }
      }
      if (random.nextInt(4) == 0) {
        restart();
      }
      run.add(KEY, state, arrival.match(), watermark);
    }
    return finish();
  }

  private void restart() {
    state = read(bytes());
  }

  byte[] bytes() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      state.write(new DataOutputStream(bytes));
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void restore(byte[] bytes) {
    state = read(bytes);
  }

  private static GroupState read(byte[] bytes) {
    try {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
      GroupState read = GroupState.read(in);
      if (in.read() != -1) {
        throw new AssertionError("bytes are left over");
      }
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
