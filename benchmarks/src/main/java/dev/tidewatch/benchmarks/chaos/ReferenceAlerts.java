package dev.tidewatch.benchmarks.chaos;

import dev.tidewatch.events.AlertIds;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.remember.BoundedRemember;
import dev.tidewatch.remember.MatchedEvent;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.SigmaCompiler;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The alerts that the events give when nothing fails: the same rules, in order, in this process.
 */
record ReferenceAlerts(AlertSet alerts, Set<String> markers) {
  /** The rule that is deployed again and again; its alerts are held by event, not by id. */
  static final String MARKER_RULE = "6f1f0d57-0c43-4b0e-9a3e-1c6c0e6f7aff";

  static ReferenceAlerts of(ChaosTelemetry telemetry, long events, Path rules) {
    SigmaCompiler.Compilation compilation =
        new SigmaCompiler().compile(RuleDirectory.read(List.of(rules)));
    Set<String> silent = compilation.silent();
    IndexedMatcher matcher = new IndexedMatcher(compilation.matched());
    BoundedRemember remember = new BoundedRemember(compilation.stateful());
    Map<String, AlertSet.Seen> byId = new HashMap<>();
    Set<String> markers = new HashSet<>();
    for (long number = 0; number < events; number++) {
      TelemetryEvent event = telemetry.event(number);
      EventDocument document = document(event);
      for (RuleMatch match : matcher.match(document)) {
        String ruleId = match.rule().id();
        if (ruleId.equals(MARKER_RULE)) {
          markers.add(EventIds.uuid(event.getEventId()).toString());
        } else if (!silent.contains(ruleId)) {
          add(event, match, byId);
        }
        if (remember.listensTo(ruleId)) {
          remember.fired(ruleId, matched(event, document));
        }
      }
    }
    for (BoundedRemember.FoundEpisode found : remember.finish()) {
      byId.put(
          found.alertId().toString(),
          new AlertSet.Seen(
              found.rule().id(), found.episode().count(), found.episode().lastMicros()));
    }
    requireNoProblem(remember);
    return new ReferenceAlerts(new AlertSet(byId, List.of()), Set.copyOf(markers));
  }

  private static void requireNoProblem(BoundedRemember remember) {
    if (!remember.problems().isEmpty()) {
      throw new IllegalStateException("the reference is not whole: " + remember.problems());
    }
  }

  private static MatchedEvent matched(TelemetryEvent event, EventDocument document) {
    UUID id = EventIds.uuid(event.getEventId());
    return new MatchedEvent(
        event.getTenantId(),
        document,
        event.getObservedTimeUs(),
        id.getMostSignificantBits(),
        id.getLeastSignificantBits());
  }

  private static EventDocument document(TelemetryEvent event) {
    try {
      return EventDocument.parse(event);
    } catch (MalformedEventException e) {
      throw new IllegalStateException("the rig made an event that cannot be read", e);
    }
  }

  private static void add(TelemetryEvent event, RuleMatch match, Map<String, AlertSet.Seen> byId) {
    long time = event.getObservedTimeUs();
    String id =
        AlertIds.derive(
                event.getTenantId(),
                match.rule().id(),
                match.rule().version(),
                EventIds.uuid(event.getEventId()).toString(),
                time)
            .toString();
    byId.put(id, new AlertSet.Seen(match.rule().id(), 1, time));
  }
}
