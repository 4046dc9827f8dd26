package dev.tidewatch.correlation.reference;

import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.Match;
import java.util.ArrayList;
import java.util.List;

/** Counts episodes (row 22): what opens one, what goes on with it, what ends it. */
final class Episodes {
  private static final int CAP = 32;

  private final long suppressMicros;
  private final List<Growing> all = new ArrayList<>();
  private boolean open;

  private static final class Growing {
    final long openMicros;
    final long firstMicros;
    long lastMicros;
    long count;
    final List<EventRef> evidence = new ArrayList<>();

    Growing(long openMicros, List<Match> window) {
      this.openMicros = openMicros;
      this.firstMicros = window.get(0).timeMicros();
      this.lastMicros = openMicros;
      this.count = window.size();
      evidence.addAll(newest(window));
    }
  }

  Episodes(long suppressMicros) {
    this.suppressMicros = suppressMicros;
  }

  private static List<EventRef> newest(List<Match> window) {
    return window.subList(Math.max(0, window.size() - CAP), window.size()).stream()
        .map(EventRef::of)
        .toList();
  }

  void fails() {
    open = false;
  }

  /**
   * @param window the matches that make the condition true, {@code match} the last of them
   */
  void holds(Match match, List<Match> window) {
    if (!open) {
      begin(match.timeMicros(), window);
      open = true;
      return;
    }
    Growing episode = all.get(all.size() - 1);
    episode.count++;
    episode.lastMicros = match.timeMicros();
    if (episode.evidence.size() < CAP) {
      episode.evidence.add(EventRef.of(match));
    }
  }

  void holdsAt(long timeMicros, List<Match> window) {
    begin(timeMicros, window);
    open = false;
  }

  private void begin(long timeMicros, List<Match> window) {
    Growing before = all.isEmpty() ? null : all.get(all.size() - 1);
    // Its opening names an episode, so there is one of a microsecond.
    if (before == null
        || timeMicros >= before.openMicros + suppressMicros && timeMicros != before.openMicros) {
      all.add(new Growing(timeMicros, window));
      return;
    }
    boolean overlaps = window.get(0).timeMicros() <= before.lastMicros;
    before.count += overlaps ? 1 : window.size();
    before.lastMicros = timeMicros;
    for (EventRef event : newest(window)) {
      if (before.evidence.size() < CAP && !before.evidence.contains(event)) {
        before.evidence.add(event);
      }
    }
  }

  List<ReferenceEpisode> all() {
    return all.stream()
        .map(
            e ->
                new ReferenceEpisode(
                    e.openMicros, e.firstMicros, e.lastMicros, e.count, e.evidence))
        .toList();
  }
}
