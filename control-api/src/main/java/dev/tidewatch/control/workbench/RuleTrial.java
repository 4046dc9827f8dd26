package dev.tidewatch.control.workbench;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.tidewatch.control.rule.WireRules;
import dev.tidewatch.control.v1.GroupValue;
import dev.tidewatch.control.v1.RuleVerdict;
import dev.tidewatch.control.v1.TestRulesRequest;
import dev.tidewatch.control.v1.TestRulesResponse;
import dev.tidewatch.control.v1.TestedEpisode;
import dev.tidewatch.control.v1.TestedEvent;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.explain.Explainer;
import dev.tidewatch.explain.ExplanationJson;
import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.remember.BoundedRemember;
import dev.tidewatch.remember.BoundedRemember.FoundEpisode;
import dev.tidewatch.remember.MatchedEvent;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.SigmaRule;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One test: every event to every rule, in order of event time for those that remember. */
final class RuleTrial {
  /** More explanations than this are no longer read by anybody. */
  private static final int MOST_EXPLANATIONS = 1_000;

  private final Workbench workbench;
  private final boolean onlyFired;
  private final ExhaustiveMatcher matcher;
  private final BoundedRemember remember;
  private final Set<String> silent;
  private final TestRulesResponse.Builder answer = TestRulesResponse.newBuilder();
  private int explanations;

  private RuleTrial(Workbench workbench, boolean onlyFired) {
    this.workbench = workbench;
    this.onlyFired = onlyFired;
    this.matcher = new ExhaustiveMatcher(workbench.compiled().matched());
    this.remember = new BoundedRemember(workbench.compiled().stateful());
    this.silent = workbench.compiled().silent();
  }

  static TestRulesResponse run(Workbench workbench, TestRulesRequest request) {
    RuleTrial trial = new RuleTrial(workbench, request.getOnlyFired());
    for (int i = 0; i < request.getEventsCount(); i++) {
      trial.answer.addEvents(trial.event(request.getTenantId(), i, request.getEvents(i)));
    }
    return trial.finish();
  }

  private TestedEvent event(String tenantId, int index, String payload) {
    EventDocument event;
    try {
      event = EventDocument.parse(payload.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedEventException e) {
      return TestedEvent.newBuilder().setError(e.code() + ": " + e.getMessage()).build();
    }
    Set<String> fired = new HashSet<>();
    long time = Math.max(0, event.timeMicros());
    // An event's index stands in for its id, so that evidence can name it.
    MatchedEvent matched = new MatchedEvent(tenantId, event, time, 0, index);
    for (RuleMatch match : matcher.match(event)) {
      fired.add(match.rule().id());
      remember.fired(match.rule().id(), matched);
    }
    TestedEvent.Builder tested = TestedEvent.newBuilder().setTimeUs(time);
    event.logSources().forEach(source -> tested.addLogSources(WireRules.logSource(source)));
    for (SigmaRule rule : workbench.detections()) {
      if (fired.contains(rule.id()) || !onlyFired) {
        tested.addVerdicts(verdict(rule, event, fired.contains(rule.id())));
      }
    }
    return tested.build();
  }

  private RuleVerdict verdict(SigmaRule rule, EventDocument event, boolean fired) {
    RuleVerdict.Builder verdict =
        RuleVerdict.newBuilder()
            .setRuleId(rule.id())
            .setTitle(rule.title())
            .setFired(fired)
            .setSilent(silent.contains(rule.id()));
    if (explanations++ < MOST_EXPLANATIONS) {
      verdict.setExplanation(explanation(rule, event));
    }
    return verdict.build();
  }

  private static Struct explanation(SigmaRule rule, EventDocument event) {
    String json = ExplanationJson.of(Explainer.explain(rule, event)).toString();
    Struct.Builder struct = Struct.newBuilder();
    try {
      JsonFormat.parser().merge(json, struct);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an explanation that is no JSON object", e);
    }
    return struct.build();
  }

  private TestRulesResponse finish() {
    Set<String> own = new HashSet<>();
    workbench.stateful().forEach(rule -> own.add(rule.id()));
    for (FoundEpisode found : remember.finish()) {
      if (own.contains(found.rule().id())) {
        answer.addEpisodes(episode(found));
      }
    }
    remember
        .withoutGroup()
        .forEach(
            (rule, count) ->
                answer.addNotes(count + " matches of " + rule + " lack a group-by field"));
    if (explanations > MOST_EXPLANATIONS) {
      answer.addNotes("only the first " + MOST_EXPLANATIONS + " verdicts are explained");
    }
    return answer
        .addAllNotes(remember.problems())
        .addAllDiagnostics(workbench.diagnostics())
        .addAllRules(workbench.rules())
        .build();
  }

  private static TestedEpisode episode(FoundEpisode found) {
    StatefulRule rule = found.rule();
    TestedEpisode.Builder episode =
        TestedEpisode.newBuilder()
            .setRuleId(rule.id())
            .setTitle(rule.head().title())
            .setKind(rule.kind())
            .setLevel(WireRules.level(rule.head().level()))
            .setCount(found.episode().count())
            .setFirstSeenUs(found.episode().firstMicros())
            .setLastSeenUs(found.episode().lastMicros())
            .setOpenUs(found.episode().openMicros());
    List<String> groupBy = rule.groupBy();
    for (int i = 0; i < groupBy.size(); i++) {
      episode.addGroup(value(groupBy.get(i), found.key().value(i)));
    }
    found
        .episode()
        .evidence()
        .forEach(
            event -> {
              // The alert of a chain has an id of its own, not an event's index.
              if (event.eventIdHigh() == 0) {
                episode.addEvents((int) event.eventIdLow());
              }
            });
    found
        .episode()
        .findings()
        .forEach(finding -> episode.addFindings(value(finding.field(), finding.value())));
    return episode.build();
  }

  private static GroupValue value(String field, String value) {
    return GroupValue.newBuilder().setField(field).setValue(value).build();
  }
}
