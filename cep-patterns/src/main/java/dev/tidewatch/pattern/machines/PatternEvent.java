package dev.tidewatch.pattern.machines;

import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.Match;
import java.util.Arrays;

/** An event and all members that fired on it. Equal by event id. */
public final class PatternEvent {
  private final Match[] matches;
  private final long mask;

  /**
   * @param matches of one event, by member; not copied
   */
  public PatternEvent(Match... matches) {
    this.matches = matches;
    long members = 0;
    for (Match match : matches) {
      members |= 1L << match.member();
    }
    this.mask = members;
  }

  PatternEvent with(Match match) {
    Match[] more = Arrays.copyOf(matches, matches.length + 1);
    more[matches.length] = match;
    return new PatternEvent(more);
  }

  boolean isOf(Match match) {
    return matches[0].eventIdLow() == match.eventIdLow()
        && matches[0].eventIdHigh() == match.eventIdHigh();
  }

  /** Event time, microseconds since the Unix epoch. */
  public long timeMicros() {
    return matches[0].timeMicros();
  }

  /** Bit n: member n fired. */
  public long mask() {
    return mask;
  }

  /** By member. Not to be changed. */
  public Match[] matches() {
    return matches;
  }

  /** The match of the lowest member of {@code members} that fired. */
  public Match match(long members) {
    for (Match match : matches) {
      if ((members >>> match.member() & 1) != 0) {
        return match;
      }
    }
    throw new IllegalArgumentException("none of the members fired");
  }

  /** As evidence of the lowest member of {@code members} that fired. */
  public EventRef ref(long members) {
    return EventRef.of(match(members));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PatternEvent that && that.isOf(matches[0]);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(matches[0].eventIdLow() * 31 + matches[0].eventIdHigh());
  }

  @Override
  public String toString() {
    return "PatternEvent[" + timeMicros() + " members " + Long.toBinaryString(mask) + "]";
  }
}
