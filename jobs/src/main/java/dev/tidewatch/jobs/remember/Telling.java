package dev.tidewatch.jobs.remember;

import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.Stage;
import dev.tidewatch.jobs.rules.PlacedStatefulRule;
import dev.tidewatch.remember.EpisodeReason;
import dev.tidewatch.remember.EpisodeUpdate;
import dev.tidewatch.remember.GroupKey;
import dev.tidewatch.remember.Match;
import dev.tidewatch.remember.Member;
import dev.tidewatch.remember.RememberOutput;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.remember.Subscriptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a group's move says, held until the move is done: a rule that fails half way says nothing,
 * and what fails further down the stream is not taken for a failure of the rule.
 */
final class Telling implements RememberOutput, Subscriptions.Listener {
  private final Output<StreamRecord<Tuple2<Boolean, Alert>>> output;
  private final EpisodeAlerts alerts;
  private final HealthAlerts health = new HealthAlerts();
  private final LongSupplier nowMicros;
  private final List<Told> untold = new ArrayList<>();
  private @Nullable RuleRun run;
  private @Nullable RuleView view;

  /** An episode; or a bound that was reached, with no episode. */
  private record Told(GroupKey key, @Nullable EpisodeUpdate episode, String overflow) {}

  Telling(
      Output<StreamRecord<Tuple2<Boolean, Alert>>> output,
      int maxValueLength,
      LongSupplier nowMicros) {
    this.output = output;
    this.alerts = new EpisodeAlerts(maxValueLength);
    this.nowMicros = nowMicros;
  }

  void follow(RuleView rules) {
    view = rules;
  }

  /** A group of this rule is about to move. */
  void begin(RuleRun rule) {
    run = rule;
  }

  @Override
  public void episode(GroupKey key, StatefulRule rule, EpisodeUpdate update) {
    untold.add(new Told(key, update, ""));
  }

  @Override
  public void overflow(GroupKey key, StatefulRule rule, String what) {
    run().counter().error();
    untold.add(new Told(key, null, what));
  }

  void forgetUntold() {
    untold.clear();
  }

  /** The move is done. */
  void tell() {
    for (int i = 0; i < untold.size(); i++) {
      Told told = untold.get(i);
      EpisodeUpdate episode = told.episode();
      if (episode == null) {
        overflowed(told);
      } else {
        tell(told.key(), episode);
      }
    }
    untold.clear();
  }

  private void tell(GroupKey key, EpisodeUpdate episode) {
    PlacedStatefulRule placed = run().placed();
    if (episode.first()) {
      run().counter().alert();
    }
    if (!placed.silent()) {
      emit(
          episode.first(),
          alerts.alert(key, placed, episode, nowMicros.getAsLong()),
          episode.lastMicros());
    }
    view().subscriptions().told(key, placed.rule(), episode, this);
  }

  private void emit(boolean first, Alert alert, long micros) {
    output.collect(new StreamRecord<>(Tuple2.of(first, alert), EventTimes.millis(micros)));
  }

  private void overflowed(Told told) {
    StatefulRule rule = run().placed().rule();
    raise(
        HealthAlerts.Problem.OVERFLOW,
        told.key(),
        told.key().text(),
        "%s reached %s at %s; what is beyond is not counted"
            .formatted(rule, told.overflow(), EpisodeReason.group(told.key(), rule)));
  }

  /** The rule of this group failed too often. */
  void disabled(GroupKey key, String reason) {
    raise(
        HealthAlerts.Problem.FAILING,
        key,
        "",
        "%s was disabled after it failed on %s: %s"
            .formatted(
                run().placed().rule(), EpisodeReason.group(key, run().placed().rule()), reason));
  }

  private void raise(HealthAlerts.Problem problem, GroupKey key, String about, String reason) {
    long now = nowMicros.getAsLong();
    health
        .raise(problem, key.tenantId(), key.ruleId(), key.ruleVersion(), about, reason, now, now)
        .ifPresent(alert -> emit(true, alert, alert.getTimeUs()));
  }

  /** Shadow rules are heard by shadow rules only. */
  @Override
  public boolean wants(StatefulRule parent) {
    PlacedStatefulRule listening = view().placed(parent);
    return run().placed().stage() == Stage.STAGE_LIVE || listening.stage() == Stage.STAGE_SHADOW;
  }

  @Override
  public void match(StatefulRule parent, GroupKey key, Match match) {
    if (view().placed(parent).audience().covers(key.tenantId())) {
      StatefulMatch chained = new StatefulMatch(view().set().revision(), key, match);
      output.collect(
          StatefulMatches.level(parent.depth()), new StreamRecord<>(chained, chained.timeMillis()));
    }
  }

  @Override
  public void withoutGroup(StatefulRule parent, Member member) {
    // Counted where events are; a child's group is complete or its rule did not compile.
  }

  private RuleRun run() {
    if (run == null) {
      throw new IllegalStateException("no group moves");
    }
    return run;
  }

  private RuleView view() {
    if (view == null) {
      throw new IllegalStateException("no rules");
    }
    return view;
  }
}
