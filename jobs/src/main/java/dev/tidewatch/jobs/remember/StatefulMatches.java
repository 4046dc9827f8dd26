package dev.tidewatch.jobs.remember;

import dev.tidewatch.events.EventIds;
import dev.tidewatch.jobs.rules.PlacedRule;
import dev.tidewatch.jobs.rules.RuleSet;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.remember.GroupKey;
import dev.tidewatch.remember.Match;
import dev.tidewatch.remember.MatchedEvent;
import dev.tidewatch.remember.Member;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.store.StoredEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * What MATCH tells REMEMBER: for rules that fired on an event, the matches of the stateful rules
 * that listen to them. Belongs to one thread. Costs a comparison for an event that nothing fired
 * on.
 */
public final class StatefulMatches {
  private static final List<OutputTag<StatefulMatch>> LEVELS =
      IntStream.rangeClosed(1, StatefulRule.MAX_DEPTH)
          .mapToObj(l -> new OutputTag<>("matches-" + l, StatefulMatchSerializer.TYPE))
          .toList();

  private final MetricGroup metrics;
  private final Counter matches;
  private final Map<String, Counter> withoutGroup = new HashMap<>();
  private final Listener listener = new Listener();
  private @Nullable RuleView view;

  /** Where matches go: the side output of their level. */
  public interface Emitter {
    void emit(OutputTag<StatefulMatch> level, StatefulMatch match);
  }

  public StatefulMatches(MetricGroup metrics) {
    this.metrics = metrics;
    matches = metrics.counter("statefulMatches");
  }

  /**
   * Side output of the matches of rules whose chain is this deep, from 1 to {@link
   * StatefulRule#MAX_DEPTH}.
   */
  public static OutputTag<StatefulMatch> level(int depth) {
    return LEVELS.get(depth - 1);
  }

  /**
   * An event was put to the rules.
   *
   * @param rules that found {@code fired}
   * @param emitter takes the matches
   */
  public void matched(RuleSet rules, StoredEvent event, List<RuleMatch> fired, Emitter emitter) {
    if (fired.isEmpty()) {
      return;
    }
    RuleView now = view(rules);
    if (now.subscriptions().isEmpty()) {
      return;
    }
    MatchedEvent matched = null;
    for (RuleMatch match : fired) {
      PlacedRule placed = rules.placed(match.rule());
      String tenant = event.envelope().getTenantId();
      if (now.subscriptions().listensTo(match.rule().id()) && placed.feeds().covers(tenant)) {
        matched = matched == null ? matchedEvent(event) : matched;
        listener.begin(now, tenant, emitter);
        now.subscriptions().fired(match.rule().id(), matched, listener);
      }
    }
  }

  private RuleView view(RuleSet rules) {
    RuleView known = view;
    if (known == null || known.set() != rules) {
      known = new RuleView(rules);
      view = known;
    }
    return known;
  }

  private static MatchedEvent matchedEvent(StoredEvent event) {
    UUID id = EventIds.uuid(event.envelope().getEventId());
    return new MatchedEvent(
        event.envelope().getTenantId(),
        event.document(),
        event.timeMicros(),
        id.getMostSignificantBits(),
        id.getLeastSignificantBits());
  }

  private final class Listener implements dev.tidewatch.remember.Subscriptions.Listener {
    private @Nullable RuleView now;
    private @Nullable Emitter emitter;
    private String tenant = "";

    void begin(RuleView rules, String tenantId, Emitter out) {
      now = rules;
      tenant = tenantId;
      emitter = out;
    }

    private RuleView now() {
      if (now == null) {
        throw new IllegalStateException("no event");
      }
      return now;
    }

    @Override
    public boolean wants(StatefulRule rule) {
      return now().placed(rule).audience().covers(tenant);
    }

    @Override
    public void match(StatefulRule rule, GroupKey key, Match match) {
      matches.inc();
      Objects.requireNonNull(emitter)
          .emit(level(rule.depth()), new StatefulMatch(now().set().revision(), key, match));
    }

    @Override
    public void withoutGroup(StatefulRule rule, Member member) {
      withoutGroup
          .computeIfAbsent(
              rule.id(), id -> metrics.addGroup("rule", id).counter("matchesWithoutGroup"))
          .inc();
    }
  }
}
