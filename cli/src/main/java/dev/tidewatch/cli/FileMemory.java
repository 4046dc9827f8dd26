package dev.tidewatch.cli;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.remember.BoundedRemember;
import dev.tidewatch.remember.BoundedRemember.FoundEpisode;
import dev.tidewatch.remember.MatchedEvent;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Correlations and patterns over event files, in the order of event time across all of them. Of
 * events that nobody listens to nothing is kept.
 */
final class FileMemory {
  private final BoundedRemember remember;
  private final Set<String> silent;
  private final String tenant;
  private final List<FileEpisode.Place> places = new ArrayList<>();
  private long withoutTime;

  FileMemory(Compilation compilation, String tenant) {
    this.remember = new BoundedRemember(compilation.stateful());
    this.silent = compilation.silent();
    this.tenant = tenant;
  }

  /** Whether a rule raises no alerts of its own (row 30). */
  boolean isSilent(String ruleId) {
    return silent.contains(ruleId);
  }

  /** Rules fired on an event. */
  void fired(List<String> ruleIds, EventDocument event, String file, int record) {
    List<String> heard = ruleIds.stream().filter(remember::listensTo).toList();
    if (heard.isEmpty()) {
      return;
    }
    if (event.timeMicros() == Long.MIN_VALUE) {
      withoutTime++;
      return;
    }
    MatchedEvent matched = new MatchedEvent(tenant, event, event.timeMicros(), 0, places.size());
    places.add(new FileEpisode.Place(file, record, ""));
    heard.forEach(id -> remember.fired(id, matched));
  }

  /** All episodes that alert, in the order in which they opened. */
  List<FileEpisode> finish() {
    List<FoundEpisode> found = remember.finish();
    Map<UUID, String> alerts = new HashMap<>();
    found.forEach(episode -> alerts.put(episode.alertId(), episode.alertId().toString()));
    return found.stream()
        .filter(episode -> !isSilent(episode.rule().id()))
        .map(episode -> new FileEpisode(episode, evidence(episode, alerts)))
        .toList();
  }

  private List<FileEpisode.Place> evidence(FoundEpisode episode, Map<UUID, String> alerts) {
    return episode.episode().evidence().stream()
        .map(
            event -> {
              String alert = alerts.get(event.eventId());
              return alert == null
                  ? places.get((int) event.eventIdLow())
                  : new FileEpisode.Place("", -1, alert);
            })
        .toList();
  }

  /** What a run cannot say in alerts, a line each. */
  List<String> notes() {
    List<String> notes = new ArrayList<>(remember.problems());
    if (withoutTime > 0) {
      notes.add(withoutTime + " events have no time: correlations and patterns did not see them");
    }
    remember
        .withoutGroup()
        .forEach((id, count) -> notes.add(id + ": " + count + " matches lack a group-by field"));
    return notes;
  }
}
