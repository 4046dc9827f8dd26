package dev.tidewatch.remember;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A member of a stateful rule fired on an event. In order of time; equal times in the order of the
 * members, then by event id, so that the order is the same however they arrive.
 */
public final class Match {
  /** The order in which machines see matches. */
  public static final Comparator<Match> ORDER =
      Comparator.comparingLong(Match::timeMicros)
          .thenComparingInt(Match::member)
          .thenComparingLong(Match::eventIdHigh)
          .thenComparingLong(Match::eventIdLow);

  private final long timeMicros;
  private final long eventIdHigh;
  private final long eventIdLow;
  private final int member;
  private final @Nullable String[] fields;
  private final String[] entities;

  /**
   * @param timeMicros event time, microseconds since the Unix epoch
   * @param member index of the member that fired
   * @param fields values of the member's fields, null where the event has none; not copied
   * @param entities kind and value in turn ({@code host}, {@code srv1}, {@code user}, …), for the
   *     alert; not copied
   */
  public Match(
      long timeMicros,
      long eventIdHigh,
      long eventIdLow,
      int member,
      @Nullable String[] fields,
      String[] entities) {
    this.timeMicros = timeMicros;
    this.eventIdHigh = eventIdHigh;
    this.eventIdLow = eventIdLow;
    this.member = member;
    this.fields = fields;
    this.entities = entities;
  }

  public long timeMicros() {
    return timeMicros;
  }

  /** First half of the event's UUID. */
  public long eventIdHigh() {
    return eventIdHigh;
  }

  /** Second half of the event's UUID. */
  public long eventIdLow() {
    return eventIdLow;
  }

  public int member() {
    return member;
  }

  /** Value of the member's field at {@code index}; null where the event has none. */
  public @Nullable String field(int index) {
    return fields[index];
  }

  /** All field values. Not to be changed. */
  public @Nullable String[] fields() {
    return fields;
  }

  /** Kind and value in turn. Not to be changed. */
  public String[] entities() {
    return entities;
  }

  @Override
  public String toString() {
    return "Match[" + timeMicros + " member " + member + "]";
  }
}
