package dev.tidewatch.sigma.ir;

import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalField;
import java.util.Locale;

/** Sigma's time modifiers: a number taken from a date. Weeks are ISO weeks. */
public enum TimePart {
  MINUTE(ChronoField.MINUTE_OF_HOUR, 0, 59),
  HOUR(ChronoField.HOUR_OF_DAY, 0, 23),
  DAY(ChronoField.DAY_OF_MONTH, 1, 31),
  WEEK(IsoFields.WEEK_OF_WEEK_BASED_YEAR, 1, 53),
  MONTH(ChronoField.MONTH_OF_YEAR, 1, 12),
  YEAR(ChronoField.YEAR, 1, 9999);

  private final TemporalField temporalField;
  private final int first;
  private final int last;

  TimePart(TemporalField temporalField, int first, int last) {
    this.temporalField = temporalField;
    this.first = first;
    this.last = last;
  }

  public String sigmaName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The number, or -1 where {@code time} does not tell it: the hour of a bare day. */
  public int of(TemporalAccessor time) {
    return time.isSupported(temporalField) ? time.get(temporalField) : -1;
  }

  /** Whether a date can have this number. */
  public boolean canBe(int number) {
    return first <= number && number <= last;
  }

  public int first() {
    return first;
  }

  public int last() {
    return last;
  }
}
