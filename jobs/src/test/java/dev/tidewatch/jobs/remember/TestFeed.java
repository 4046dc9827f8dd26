package dev.tidewatch.jobs.remember;

import dev.tidewatch.events.v1.Stage;
import dev.tidewatch.jobs.rules.Audience;
import dev.tidewatch.jobs.rules.PlacedStatefulRule;
import dev.tidewatch.jobs.rules.RuleCounters;
import dev.tidewatch.jobs.rules.RuleFeed;
import dev.tidewatch.jobs.rules.RuleSet;
import dev.tidewatch.jobs.rules.RuleSetFollower;
import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.remember.Member;
import dev.tidewatch.remember.StatefulRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Rules that a test changes while the operator runs. Copies of a feed are the same feed. */
record TestFeed(String id) implements RuleFeed {
  private static final Map<String, Rules> FEEDS = new ConcurrentHashMap<>();

  /** What all copies share. */
  private static final class Rules {
    RuleSet current = set(1, List.of());
    final List<Follower> followers = new ArrayList<>();
  }

  private record Follower(Executor mailbox, Consumer<RuleSet> adopt) {}

  static TestFeed of(StatefulRule... rules) {
    TestFeed feed = new TestFeed(UUID.randomUUID().toString());
    feed.publish(1, rules);
    return feed;
  }

  void publish(long revision, StatefulRule... rules) {
    Rules known = rules();
    known.current = set(revision, List.of(rules));
    List.copyOf(known.followers)
        .forEach(f -> f.mailbox().execute(() -> f.adopt().accept(known.current)));
  }

  private Rules rules() {
    return FEEDS.computeIfAbsent(id, i -> new Rules());
  }

  private static RuleSet set(long revision, List<StatefulRule> rules) {
    Set<String> chained = new HashSet<>();
    rules.forEach(r -> r.members().stream().map(Member::ruleId).forEach(chained::add));
    List<PlacedStatefulRule> placed =
        rules.stream()
            .map(
                rule ->
                    new PlacedStatefulRule(
                        rule, Stage.STAGE_LIVE, Audience.ALL, chained.contains(rule.id())))
            .toList();
    return new RuleSet(revision, new ExhaustiveMatcher(List.of()), List.of(), placed);
  }

  @Override
  public RuleSetFollower follow(Subtask subtask) {
    Rules known = rules();
    return new RuleSetFollower() {
      private final RuleCounters counters = new RuleCounters();

      @Override
      public RuleSet current() {
        return known.current;
      }

      @Override
      public RuleSet atLeast(long revision) {
        return known.current;
      }

      @Override
      public void onChange(Executor mailbox, Consumer<RuleSet> adopt) {
        known.followers.add(new Follower(mailbox, adopt));
      }

      @Override
      public void adopted(long revision) {}

      @Override
      public RuleCounters counters() {
        return counters;
      }

      @Override
      public void close() {
        known.followers.clear();
      }
    };
  }
}
