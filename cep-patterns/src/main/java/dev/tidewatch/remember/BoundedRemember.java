package dev.tidewatch.remember;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stateful rules over a stream that ends, without servers: files, tests. What fires may come in any
 * order; it is sorted by event time, and state moves on match by match, as under a watermark that
 * lags behind nothing. Chains run level by level, each fed by those below. Only matches and
 * episodes are kept in memory. Belongs to one thread.
 */
public final class BoundedRemember {
  private static final int MOST_PROBLEMS = 1_000;

  private final Subscriptions subscriptions;
  private final Map<String, Runner> runners = new HashMap<>();
  private final List<Level> levels = new ArrayList<>();
  private final Map<EpisodeId, FoundEpisode> episodes = new LinkedHashMap<>();
  private final Map<String, Long> withoutGroup = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final Intake intake = new Intake();
  private long matches;

  /** An episode as it ended. */
  public record FoundEpisode(StatefulRule rule, GroupKey key, EpisodeUpdate episode) {
    public UUID alertId() {
      return key.alertId(episode.openMicros());
    }
  }

  private record EpisodeId(GroupKey key, long openMicros) {}

  private record Waiting(Runner runner, GroupKey key, Match match) {}

  private record WakeUp(long atMicros, GroupKey key, GroupState state, Runner runner) {}

  /** One level of chains: its groups' times, and how far it has come. */
  private static final class Level {
    final PriorityQueue<WakeUp> wakeUps =
        new PriorityQueue<>(Comparator.comparingLong(WakeUp::atMicros));
    long watermark = Long.MIN_VALUE;
  }

  private static final class Runner {
    final GroupRun run;
    final Level level;
    final Map<GroupKey, GroupState> groups = new HashMap<>();

    Runner(GroupRun run, Level level) {
      this.run = run;
      this.level = level;
    }
  }

  /** What detection rules and chains feed. */
  private final class Intake implements Subscriptions.Listener, RememberOutput {
    private boolean sorted;

    @Override
    public void match(StatefulRule rule, GroupKey key, Match match) {
      matches++;
      Runner runner = runner(key);
      if (sorted) {
        add(runner, key, match);
      } else {
        waiting.add(new Waiting(runner, key, match));
      }
    }

    @Override
    public void withoutGroup(StatefulRule rule, Member member) {
      withoutGroup.merge(rule.id(), 1L, Long::sum);
    }

    @Override
    public void episode(GroupKey key, StatefulRule rule, EpisodeUpdate update) {
      episodes.put(new EpisodeId(key, update.openMicros()), new FoundEpisode(rule, key, update));
      subscriptions.told(key, rule, update, this);
    }

    @Override
    public void overflow(GroupKey key, StatefulRule rule, String what) {
      problem(rule + " at " + key.text() + ": more than " + what);
    }
  }

  /**
   * @param rules each after those it refers to
   */
  public BoundedRemember(Collection<StatefulRule> rules) {
    subscriptions = Subscriptions.of(rules);
    for (StatefulRule rule : rules) {
      while (levels.size() < rule.depth()) {
        levels.add(new Level());
      }
      GroupRun run = new GroupRun(rule, subscriptions.lateness(rule), intake);
      runners.put(key(rule.id(), rule.version()), new Runner(run, levels.get(rule.depth() - 1)));
    }
  }

  private static String key(String ruleId, int version) {
    return ruleId + "@" + version;
  }

  private Runner runner(GroupKey key) {
    Runner runner = runners.get(key(key.ruleId(), key.ruleVersion()));
    if (runner == null) {
      throw new IllegalArgumentException("no rule of this set: " + key);
    }
    return runner;
  }

  /** Whether anybody listens to a detection rule. */
  public boolean listensTo(String ruleId) {
    return subscriptions.listensTo(ruleId);
  }

  /** A detection rule fired. */
  public void fired(String ruleId, MatchedEvent event) {
    subscriptions.fired(ruleId, event, intake);
  }

  /** Matches that took part, those of chains among them. */
  public long matches() {
    return matches;
  }

  /** Matches that lacked a group-by field, by rule id (row 24). */
  public Map<String, Long> withoutGroup() {
    return withoutGroup;
  }

  /** Bounds that were reached and rules that failed, one line each. */
  public List<String> problems() {
    return problems;
  }

  private void problem(String line) {
    if (problems.size() < MOST_PROBLEMS && !problems.contains(line)) {
      problems.add(line);
    }
  }

  /**
   * Runs to the end of the stream.
   *
   * @return all episodes, in the order in which they opened
   */
  public List<FoundEpisode> finish() {
    waiting.sort(Comparator.comparing(Waiting::match, Match.ORDER));
    intake.sorted = true;
    for (Waiting next : waiting) {
      advance(next.match().timeMicros() - 1);
      add(next.runner(), next.key(), next.match());
    }
    waiting.clear();
    advance(Long.MAX_VALUE);
    return episodes.values().stream()
        .sorted(
            Comparator.comparingLong((FoundEpisode found) -> found.episode().openMicros())
                .thenComparing(found -> found.rule().id())
                .thenComparing(found -> found.key().text()))
        .toList();
  }

  private void add(Runner runner, GroupKey key, Match match) {
    GroupState state = runner.groups.computeIfAbsent(key, k -> new GroupState());
    runner.run.add(key, state, match, runner.level.watermark);
    wakeAt(runner, key, state, runner.run.wakeUp(state));
  }

  private static void wakeAt(Runner runner, GroupKey key, GroupState state, long atMicros) {
    if (atMicros < state.wakeMicros) {
      state.wakeMicros = atMicros;
      runner.level.wakeUps.add(new WakeUp(atMicros, key, state, runner));
    }
  }

  /** Lower levels first: what they tell is before the watermark of those above. */
  private void advance(long watermarkMicros) {
    for (Level level : levels) {
      for (WakeUp next = due(level, watermarkMicros);
          next != null;
          next = due(level, watermarkMicros)) {
        if (next.state().wakeMicros == next.atMicros()) {
          wake(next, watermarkMicros);
        }
      }
      level.watermark = watermarkMicros;
    }
  }

  private static @Nullable WakeUp due(Level level, long watermarkMicros) {
    WakeUp next = level.wakeUps.peek();
    return next == null || next.atMicros() > watermarkMicros ? null : level.wakeUps.poll();
  }

  private void wake(WakeUp due, long watermarkMicros) {
    Runner runner = due.runner();
    GroupState state = due.state();
    state.wakeMicros = Long.MAX_VALUE;
    long next;
    try {
      next = runner.run.advance(due.key(), state, watermarkMicros);
    } catch (RuntimeException | StackOverflowError e) {
      problem(runner.run.rule() + " failed and lost a group: " + e);
      runner.groups.remove(due.key());
      return;
    }
    if (state.isEmpty()) {
      runner.groups.remove(due.key());
    } else if (next != Long.MAX_VALUE) {
      wakeAt(runner, due.key(), state, next);
    }
  }
}
