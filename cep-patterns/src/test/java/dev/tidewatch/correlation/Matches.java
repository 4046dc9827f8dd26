package dev.tidewatch.correlation;

import dev.tidewatch.remember.Match;
import org.jspecify.annotations.Nullable;

/** Matches in few words. */
final class Matches {
  private Matches() {}

  static Match of(long timeMicros, int member, @Nullable String... fields) {
    return new Match(timeMicros, 7, timeMicros, member, fields, new String[0]);
  }
}
