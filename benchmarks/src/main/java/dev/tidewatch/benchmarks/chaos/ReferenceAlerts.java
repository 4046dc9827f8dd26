package dev.tidewatch.benchmarks.chaos;

import dev.tidewatch.events.AlertIds;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.SigmaCompiler;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The alerts that the events give when nothing fails: the same rules, in order, in this process.
 */
record ReferenceAlerts(AlertSet alerts) {
  static ReferenceAlerts of(ChaosTelemetry telemetry, long events, Path rules) {
    SigmaCompiler.Compilation compilation =
        new SigmaCompiler().compile(RuleDirectory.read(List.of(rules)));
    Set<String> silent = compilation.silent();
    IndexedMatcher matcher = new IndexedMatcher(compilation.matched());
    Map<String, AlertSet.Seen> byId = new HashMap<>();
    for (long number = 0; number < events; number++) {
      TelemetryEvent event = telemetry.event(number);
      for (RuleMatch match : matcher.match(document(event))) {
        if (!silent.contains(match.rule().id())) {
          add(event, match, byId);
        }
      }
    }
    return new ReferenceAlerts(new AlertSet(byId, List.of()));
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
