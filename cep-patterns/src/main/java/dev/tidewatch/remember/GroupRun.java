package dev.tidewatch.remember;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * Moves groups of one stateful rule on in event time. Belongs to one thread; holds nothing of a
 * group between calls.
 *
 * <p>Matches wait until the watermark has passed them, so the machine sees them in order of time
 * however they arrive (row 21). An episode that changed is told once for each move, whatever the
 * number of its matches.
 */
public final class GroupRun {
  /** A group with more matches that wait is in trouble upstream; further ones are refused. */
  public static final int MAX_PENDING = 100_000;

  private final StatefulRule rule;
  private final RememberOutput output;
  private final long latenessMicros;
  private final long suppressMicros;
  private final Telling telling = new Telling();

  public GroupRun(StatefulRule rule, RememberOutput output) {
    this(rule, rule.lateness(), output);
  }

  /**
   * @param lateness in place of the rule's own, see {@link Subscriptions#lateness}
   */
  public GroupRun(StatefulRule rule, Duration lateness, RememberOutput output) {
    this.rule = rule;
    this.output = output;
    latenessMicros = lateness.toNanos() / 1_000;
    suppressMicros = rule.suppress().toNanos() / 1_000;
  }

  public StatefulRule rule() {
    return rule;
  }

  /** Whether a match comes too late to be let through in order: the watermark has passed it. */
  public boolean isLate(Match match, long watermarkMicros) {
    return match.timeMicros() <= passed(watermarkMicros);
  }

  /**
   * Keeps a match until the watermark passes it. A match that waits already (the same event and
   * member) is not kept twice.
   *
   * @throws IllegalArgumentException when it {@linkplain #isLate is late}
   */
  public void add(GroupKey key, GroupState state, Match match, long watermarkMicros) {
    if (isLate(match, watermarkMicros)) {
      throw new IllegalArgumentException(match + " is behind the watermark " + watermarkMicros);
    }
    ArrayList<Match> pending = state.pending;
    if (pending == null) {
      pending = new ArrayList<>(1);
      state.pending = pending;
    } else if (pending.size() >= MAX_PENDING) {
      output.overflow(key, rule, MAX_PENDING + " matches that wait for the watermark");
      return;
    }
    insert(pending, match);
  }

  /** Nearly all come in order, at the end. */
  private static void insert(ArrayList<Match> pending, Match match) {
    int size = pending.size();
    if (size == 0 || Match.ORDER.compare(pending.get(size - 1), match) < 0) {
      pending.add(match);
      return;
    }
    int at = Collections.binarySearch(pending, match, Match.ORDER);
    if (at < 0) {
      pending.add(-at - 1, match);
    }
  }

  /**
   * Moves the group to a watermark and tells of the episodes that changed. Afterwards the state may
   * be {@linkplain GroupState#isEmpty empty}.
   *
   * @param watermarkMicros the job's: no match at or before it is to come, but for the rule's own
   *     lateness
   * @return the watermark at which the group wants to be moved again; {@code Long.MAX_VALUE} for
   *     never
   */
  public long advance(GroupKey key, GroupState state, long watermarkMicros) {
    long passed = passed(watermarkMicros);
    telling.begin(key, state);
    int done = 0;
    ArrayList<Match> pending = state.pending;
    while (true) {
      long matchTime =
          pending == null || done == pending.size()
              ? Long.MAX_VALUE
              : pending.get(done).timeMicros();
      long machineTime =
          state.machine == null ? Long.MAX_VALUE : rule.machine().nextTime(state.machine);
      long next = Math.min(matchTime, machineTime);
      if (next > passed || next == Long.MAX_VALUE) {
        break;
      }
      if (matchTime <= machineTime && pending != null) {
        rule.machine().onMatch(machineOf(state), pending.get(done++), telling);
      } else {
        rule.machine().onTime(machineOf(state), machineTime, telling);
      }
    }
    removeFirst(state, done);
    telling.end();
    forget(state, passed);
    return wakeUp(state);
  }

  private MachineState machineOf(GroupState state) {
    MachineState machine = state.machine;
    if (machine == null) {
      machine = rule.machine().newState();
      state.machine = machine;
    }
    return machine;
  }

  private static void removeFirst(GroupState state, int done) {
    ArrayList<Match> pending = state.pending;
    if (pending == null || done == 0) {
      return;
    }
    if (done == pending.size()) {
      state.pending = null;
    } else {
      pending.subList(0, done).clear();
    }
  }

  private void forget(GroupState state, long passed) {
    MachineState machine = state.machine;
    Episode episode = state.episode;
    if (machine != null && rule.machine().forgetAt(machine) <= passed) {
      state.machine = null;
      if (episode != null) {
        episode.open = false;
      }
    }
    if (episode != null && state.machine == null && episodeEnd(episode) <= passed) {
      state.episode = null;
    }
  }

  /** Until then a new episode would be counted onto this one. */
  private long episodeEnd(Episode episode) {
    return episode.openMicros + suppressMicros;
  }

  /** What {@link #advance} returns, for a state that matches were added to since. */
  public long wakeUp(GroupState state) {
    long next = Long.MAX_VALUE;
    if (state.pending != null) {
      next = state.pending.get(0).timeMicros();
    }
    MachineState machine = state.machine;
    if (machine != null) {
      next = Math.min(next, rule.machine().nextTime(machine));
      next = Math.min(next, rule.machine().forgetAt(machine));
    } else if (state.episode != null) {
      next = Math.min(next, episodeEnd(state.episode));
    }
    return next == Long.MAX_VALUE ? next : next + latenessMicros;
  }

  private long passed(long watermarkMicros) {
    return watermarkMicros < Long.MIN_VALUE + latenessMicros
        ? Long.MIN_VALUE
        : watermarkMicros == Long.MAX_VALUE ? watermarkMicros : watermarkMicros - latenessMicros;
  }

  /** Turns what a machine says into episodes. */
  private final class Telling implements Conditions {
    private @Nullable GroupKey key;
    private @Nullable GroupState state;

    void begin(GroupKey current, GroupState its) {
      key = current;
      state = its;
    }

    void end() {
      tell();
      key = null;
      state = null;
    }

    @Override
    public void holds(Match match, Window window) {
      Episode episode = state().episode;
      if (episode != null && episode.open) {
        episode.add(match);
      } else {
        episode = open(match.timeMicros(), window);
      }
      episode.addEntities(match.entities());
    }

    @Override
    public void holdsAt(long timeMicros, Window window) {
      open(timeMicros, window).addEntities(window.entities());
      fails();
    }

    private Episode open(long timeMicros, Window window) {
      Episode before = state().episode;
      // Two that open in the same microsecond would be one alert: its id is made of the time.
      if (before != null && (timeMicros == before.openMicros || timeMicros < episodeEnd(before))) {
        before.open = true;
        before.absorb(timeMicros, window);
        return before;
      }
      tell();
      Episode opened = new Episode(timeMicros, window);
      state().episode = opened;
      return opened;
    }

    @Override
    public void fails() {
      Episode episode = state().episode;
      if (episode != null) {
        episode.open = false;
      }
    }

    @Override
    public void overflow(String what) {
      output.overflow(key(), rule, what);
    }

    @Override
    public void skipped(Match match) {
      output.skipped(key(), rule);
    }

    /** Tells of the episode before another takes its place. */
    private void tell() {
      Episode episode = state().episode;
      if (episode != null && episode.isChanged()) {
        output.episode(key(), rule, episode.tell());
      }
    }

    private GroupState state() {
      return java.util.Objects.requireNonNull(state);
    }

    private GroupKey key() {
      return java.util.Objects.requireNonNull(key);
    }
  }
}
