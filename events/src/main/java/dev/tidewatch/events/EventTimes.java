package dev.tidewatch.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;

/**
 * Times as sources write them, to microseconds since the Unix epoch. Hand-written: it runs for
 * every event, and most of what it is given is well formed.
 *
 * <p>Read are: ISO 8601 date-times with {@code T} or a space, with or without seconds, fraction and
 * zone; a bare date; numbers and numeric text in seconds, milli-, micro- or nanoseconds, told apart
 * by magnitude; {@code /Date(ms)/}; {@code audit(s.ms:serial)}; web server times ({@code
 * 10/Oct/2024:13:55:36 -0700}). Without a zone a time is UTC.
 */
final class EventTimes {
  /** No time. */
  static final long NONE = Long.MIN_VALUE;

  static final long MICROS = 1_000_000L;
  private static final double SECONDS_BELOW = 1e11;
  private static final double MILLIS_BELOW = 1e14;
  private static final double MICROS_BELOW = 1e17;
  private static final int MAX_LENGTH = 64;
  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";

  private final String text;
  private int at;
  private boolean zoned;

  private EventTimes(String text) {
    this.text = text;
  }

  /** A parsed time. {@code zoned}: the text said which zone it is in. */
  record Reading(long micros, boolean zoned) {
    static final Reading NOTHING = new Reading(NONE, false);
  }

  /** Reads a JSON value; {@link Reading#NOTHING} when it is no time. */
  static Reading read(JsonNode value) {
    if (value.isTextual()) {
      return read(value.textValue());
    }
    if (value.isNumber()) {
      return new Reading(epoch(value), true);
    }
    return Reading.NOTHING;
  }

  static Reading read(String text) {
    String trimmed = text.strip();
    if (trimmed.isEmpty() || trimmed.length() > MAX_LENGTH) {
      return Reading.NOTHING;
    }
    EventTimes times = new EventTimes(trimmed);
    long micros = times.parse();
    return micros == NONE ? Reading.NOTHING : new Reading(micros, times.zoned);
  }

  private long parse() {
    if (isDigit(0) && isDigit(1) && isDigit(2) && isDigit(3) && is(4, '-')) {
      return iso();
    }
    if (isDigit(0) && isDigit(1) && is(2, '/')) {
      return webServer();
    }
    zoned = true;
    if (text.startsWith("/Date(")) {
      return epochText(6, text.indexOf(')'));
    }
    if (text.startsWith("audit(")) {
      return epochText(6, text.indexOf(':'));
    }
    return epochText(0, text.length());
  }

  // ---- ISO 8601

  private long iso() {
    at = 5;
    int year = number(0, 4);
    int month = twoDigits();
    if (!skip('-')) {
      return NONE;
    }
    int day = twoDigits();
    if (!isDate(year, month, day)) {
      return NONE;
    }
    long days = epochDay(year, month, day);
    if (at == text.length()) {
      return days * 86_400L * MICROS;
    }
    if (!skip('T') && !skip('t') && !skip(' ')) {
      return NONE;
    }
    return timeOfDay(days, true);
  }

  /** {@code HH:mm[:ss[.fraction]][zone]} from here to the end. */
  private long timeOfDay(long days, boolean secondsOptional) {
    int hour = twoDigits();
    if (hour < 0 || hour > 23 || !skip(':')) {
      return NONE;
    }
    int minute = twoDigits();
    if (minute < 0 || minute > 59) {
      return NONE;
    }
    int second = 0;
    if (skip(':')) {
      second = twoDigits();
    } else if (!secondsOptional) {
      return NONE;
    }
    // 60: a leap second.
    if (second < 0 || second > 60) {
      return NONE;
    }
    long fraction = skip('.') || skip(',') ? fraction() : 0;
    long offset = zone();
    if (fraction < 0 || offset == NONE) {
      return NONE;
    }
    long seconds = days * 86_400L + hour * 3_600L + minute * 60L + second - offset;
    return seconds * MICROS + fraction;
  }

  /** Microseconds of a fraction of any length, cut; -1 without a digit. */
  private long fraction() {
    int start = at;
    long micros = 0;
    for (; isDigit(at); at++) {
      if (at - start < 6) {
        micros = micros * 10 + (text.charAt(at) - '0');
      }
    }
    for (int digits = at - start; digits < 6; digits++) {
      micros *= 10;
    }
    return at == start ? -1 : micros;
  }

  /** Offset from UTC in seconds, 0 when none is given, {@link #NONE} when malformed. */
  private long zone() {
    skip(' ');
    if (at == text.length()) {
      return 0;
    }
    zoned = true;
    if (text.startsWith("UTC", at) || text.startsWith("GMT", at)) {
      at += 3;
      return at == text.length() ? 0 : NONE;
    }
    if (skip('Z') || skip('z')) {
      return at == text.length() ? 0 : NONE;
    }
    return offset();
  }

  private long offset() {
    int sign = skip('+') ? 1 : skip('-') ? -1 : 0;
    int hours = twoDigits();
    if (sign == 0 || hours < 0 || hours > 18) {
      return NONE;
    }
    if (at == text.length()) {
      return sign * hours * 3_600L;
    }
    skip(':');
    int minutes = twoDigits();
    return minutes < 0 || minutes > 59 || at != text.length()
        ? NONE
        : sign * (hours * 3_600L + minutes * 60L);
  }

  // ---- 10/Oct/2024:13:55:36 -0700

  private long webServer() {
    int day = number(0, 2);
    if (text.length() < 12 || !is(6, '/') || !is(11, ':')) {
      return NONE;
    }
    int month = MONTHS.indexOf(text.substring(3, 6).toLowerCase(Locale.ROOT));
    int year = number(7, 11);
    if (month < 0 || month % 3 != 0 || !isDate(year, month / 3 + 1, day)) {
      return NONE;
    }
    at = 12;
    return timeOfDay(epochDay(year, month / 3 + 1, day), false);
  }

  // ---- epoch numbers

  private static long epoch(JsonNode number) {
    if (number.isIntegralNumber()) {
      return number.canConvertToLong() ? ofEpoch(number.longValue(), 0) : NONE;
    }
    if (number.isBigDecimal()) {
      return ofEpoch(number.decimalValue());
    }
    double value = number.doubleValue();
    return Double.isFinite(value) ? ofEpoch(BigDecimal.valueOf(value)) : NONE;
  }

  private static long ofEpoch(BigDecimal value) {
    // A huge exponent would expand into a huge number: look before expanding.
    int integerDigits = value.precision() - value.scale();
    if (integerDigits > 20 || value.scale() > 100) {
      return NONE;
    }
    BigDecimal nanos = value.movePointRight(9);
    if (nanos.precision() - nanos.scale() > 29) {
      return NONE;
    }
    BigInteger all = nanos.toBigInteger();
    BigInteger[] parts = all.divideAndRemainder(BigInteger.valueOf(1_000_000_000L));
    return parts[0].bitLength() > 63 ? NONE : ofEpoch(parts[0].longValue(), parts[1].longValue());
  }

  private long epochText(int from, int to) {
    if (to <= from) {
      return NONE;
    }
    int i = from;
    boolean negative = is(i, '-');
    if (negative) {
      i++;
    }
    int start = i;
    long whole = 0;
    for (; i < to && isDigit(i); i++) {
      if (i - start > 18) {
        return NONE;
      }
      whole = whole * 10 + (text.charAt(i) - '0');
    }
    if (i == start) {
      return NONE;
    }
    at = i;
    long nanos = 0;
    if (i < to && skip('.')) {
      nanos = fraction() * 1_000L;
    }
    if (at != to || nanos < 0) {
      return NONE;
    }
    return negative ? ofEpoch(-whole, -nanos) : ofEpoch(whole, nanos);
  }

  /** {@code nanos}: billionths of whatever unit {@code whole} is in. */
  private static long ofEpoch(long whole, long nanos) {
    double magnitude = Math.abs((double) whole);
    if (magnitude < SECONDS_BELOW) {
      return whole * MICROS + nanos / 1_000L;
    }
    if (magnitude < MILLIS_BELOW) {
      return whole * 1_000L + nanos / 1_000_000L;
    }
    return magnitude < MICROS_BELOW ? whole : whole / 1_000L;
  }

  // ---- characters

  private boolean isDigit(int index) {
    return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
  }

  private boolean is(int index, char c) {
    return index < text.length() && text.charAt(index) == c;
  }

  private boolean skip(char c) {
    if (is(at, c)) {
      at++;
      return true;
    }
    return false;
  }

  /** Two digits from here, or -1. */
  private int twoDigits() {
    int value = number(at, at + 2);
    at += 2;
    return value;
  }

  /** The digits of a range, or -1. */
  private int number(int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      if (!isDigit(i)) {
        return -1;
      }
      value = value * 10 + (text.charAt(i) - '0');
    }
    return value;
  }

  private static boolean isDate(int year, int month, int day) {
    return year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
  }

  private static int daysOf(int year, int month) {
    if (month == 2) {
      return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  /** Days since 1970-01-01 of the proleptic Gregorian calendar (Howard Hinnant's algorithm). */
  private static long epochDay(int year, int month, int day) {
    int y = month <= 2 ? year - 1 : year;
    int era = Math.floorDiv(y, 400);
    int yearOfEra = y - era * 400;
    int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097L + dayOfEra - 719_468L;
  }
}
