package dev.tidewatch.correlation.reference;

import dev.tidewatch.correlation.Windowing;
import dev.tidewatch.remember.Match;
import java.util.ArrayList;
import java.util.List;

/** Cuts a sorted list of matches into windows. */
final class Windows {
  private final Windowing windowing;

  Windows(Windowing windowing) {
    this.windowing = windowing;
  }

  /** Of {@code matches}, those in the window that an instant lies in. */
  List<Match> at(long timeMicros, List<Match> matches) {
    if (windowing instanceof Windowing.Tumbling tumbling) {
      return matches.stream()
          .filter(m -> tumbling.number(m.timeMicros()) == tumbling.number(timeMicros))
          .toList();
    }
    if (windowing instanceof Windowing.Session session) {
      List<List<Match>> all = sessions(session, matches);
      List<Match> last = all.isEmpty() ? List.of() : all.get(all.size() - 1);
      return !last.isEmpty() && belongs(session, last, timeMicros) ? last : List.of();
    }
    List<Match> young =
        matches.stream()
            .filter(m -> m.timeMicros() >= timeMicros - windowing.timespanMicros())
            .toList();
    return windowing instanceof Windowing.Count count
        ? young.subList(Math.max(0, young.size() - count.size()), young.size())
        : young;
  }

  /** All windows of a condition that is decided when they close. */
  List<List<Match>> closed(List<Match> matches) {
    if (windowing instanceof Windowing.Session session) {
      return sessions(session, matches);
    }
    List<List<Match>> windows = new ArrayList<>();
    for (Match match : matches) {
      if (windows.isEmpty() || match.timeMicros() > closing(windows.get(windows.size() - 1))) {
        windows.add(new ArrayList<>());
      }
      windows.get(windows.size() - 1).add(match);
    }
    return windows;
  }

  /** Last instant of a window. */
  long closing(List<Match> window) {
    long first = window.get(0).timeMicros();
    long last = window.get(window.size() - 1).timeMicros();
    if (windowing instanceof Windowing.Tumbling tumbling) {
      return (tumbling.number(first) + 1) * windowing.timespanMicros() - 1;
    }
    return windowing instanceof Windowing.Session session
        ? Math.min(last + session.gapMicros(), first + windowing.timespanMicros())
        : first + windowing.timespanMicros();
  }

  private static List<List<Match>> sessions(Windowing.Session session, List<Match> matches) {
    List<List<Match>> sessions = new ArrayList<>();
    for (Match match : matches) {
      if (sessions.isEmpty()
          || !belongs(session, sessions.get(sessions.size() - 1), match.timeMicros())) {
        sessions.add(new ArrayList<>());
      }
      sessions.get(sessions.size() - 1).add(match);
    }
    return sessions;
  }

  private static boolean belongs(Windowing.Session session, List<Match> window, long timeMicros) {
    return timeMicros - window.get(window.size() - 1).timeMicros() <= session.gapMicros()
        && timeMicros - window.get(0).timeMicros() <= session.timespanMicros();
  }
}
