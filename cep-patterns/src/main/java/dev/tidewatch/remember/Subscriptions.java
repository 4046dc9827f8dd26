package dev.tidewatch.remember;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which members of which stateful rules listen to a rule, and what they are told when it fires.
 * Immutable, shared by threads; a rule that nobody listens to costs one look-up.
 */
public final class Subscriptions {
  public static final Subscriptions NONE = of(List.of());

  private final Map<String, List<Subscription>> detections = new HashMap<>();
  private final Map<String, List<Subscription>> chains = new HashMap<>();
  private final Map<String, Duration> lateness = new HashMap<>();

  private record Subscription(StatefulRule rule, Member member) {}

  /** Whom matches are for. */
  public interface Listener {
    /** Whether the rule looks at this tenant; otherwise nothing is made for it. */
    default boolean wants(StatefulRule rule) {
      return true;
    }

    void match(StatefulRule rule, GroupKey key, Match match);

    /** A match that does not take part: it lacks a group-by field (row 24). */
    void withoutGroup(StatefulRule rule, Member member);
  }

  private Subscriptions() {}

  /**
   * @param rules each after those it refers to
   */
  public static Subscriptions of(Collection<StatefulRule> rules) {
    Subscriptions made = new Subscriptions();
    rules.forEach(made::add);
    return made;
  }

  private void add(StatefulRule rule) {
    Duration longest = rule.lateness();
    for (Member member : rule.members()) {
      (member.chained() ? chains : detections)
          .computeIfAbsent(member.ruleId(), id -> new ArrayList<>(1))
          .add(new Subscription(rule, member));
      if (member.chained()) {
        Duration child = lateness.getOrDefault(member.ruleId(), Duration.ZERO);
        longest = longest.compareTo(child) < 0 ? child : longest;
      }
    }
    lateness.merge(rule.id(), longest, (a, b) -> a.compareTo(b) < 0 ? b : a);
  }

  public boolean isEmpty() {
    return detections.isEmpty() && chains.isEmpty();
  }

  /** Whether anybody listens to a detection rule. */
  public boolean listensTo(String ruleId) {
    return detections.containsKey(ruleId);
  }

  /**
   * How much longer than the job's own lateness the matches of a rule are waited for: its own, or
   * that of a rule it listens to, whose episodes come no sooner.
   */
  public Duration lateness(StatefulRule rule) {
    return lateness.getOrDefault(rule.id(), rule.lateness());
  }

  /** A detection rule fired on {@code event}. */
  public void fired(String ruleId, MatchedEvent event, Listener listener) {
    List<Subscription> found = detections.get(ruleId);
    if (found == null) {
      return;
    }
    for (int i = 0; i < found.size(); i++) {
      Subscription subscription = found.get(i);
      StatefulRule rule = subscription.rule();
      if (listener.wants(rule)) {
        Member member = subscription.member();
        GroupKey key = group(event, rule, member);
        if (key == null) {
          listener.withoutGroup(rule, member);
        } else {
          listener.match(rule, key, event.match(member));
        }
      }
    }
  }

  private static @Nullable GroupKey group(MatchedEvent event, StatefulRule rule, Member member) {
    List<String> names = member.groupFields();
    String[] values = new String[names.size()];
    for (int i = 0; i < values.length; i++) {
      String value = event.text(names.get(i));
      if (value == null) {
        return null;
      }
      values[i] = value;
    }
    return new GroupKey(event.tenantId(), rule.id(), rule.version(), values);
  }

  /**
   * A stateful rule told of an episode. One that was not told of before is a match, at the time it
   * opened, for the rules that refer to the rule; its id is that of the alert.
   */
  public void told(GroupKey key, StatefulRule child, EpisodeUpdate update, Listener listener) {
    List<Subscription> found = update.first() ? chains.get(child.id()) : null;
    if (found == null) {
      return;
    }
    UUID id = key.alertId(update.openMicros());
    for (Subscription subscription : found) {
      StatefulRule rule = subscription.rule();
      if (listener.wants(rule)) {
        tell(rule, subscription.member(), new Opened(key, child, update, id), listener);
      }
    }
  }

  private record Opened(GroupKey key, StatefulRule rule, EpisodeUpdate update, UUID id) {
    /** Value of a group-by field of the rule, or of a finding; null when it has neither. */
    @Nullable String value(String field) {
      int at = rule.groupBy().indexOf(field);
      if (at >= 0) {
        return key.value(at);
      }
      for (Conditions.Finding finding : update.findings()) {
        if (finding.field().equals(field)) {
          return finding.value();
        }
      }
      return null;
    }

    @Nullable String[] values(List<String> fields) {
      @Nullable String[] values = new @Nullable String[fields.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = value(fields.get(i));
      }
      return values;
    }
  }

  private static void tell(StatefulRule rule, Member member, Opened opened, Listener listener) {
    @Nullable String[] values = opened.values(member.groupFields());
    String[] group = new String[values.length];
    for (int i = 0; i < values.length; i++) {
      String value = values[i];
      if (value == null) {
        listener.withoutGroup(rule, member);
        return;
      }
      group[i] = value;
    }
    UUID id = opened.id();
    Match match =
        new Match(
            opened.update().openMicros(),
            id.getMostSignificantBits(),
            id.getLeastSignificantBits(),
            member.index(),
            opened.values(member.fields()),
            opened.update().entities().toArray(String[]::new));
    listener.match(
        rule, new GroupKey(opened.key().tenantId(), rule.id(), rule.version(), group), match);
  }
}
