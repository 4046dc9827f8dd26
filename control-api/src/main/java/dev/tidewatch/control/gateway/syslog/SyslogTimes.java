package dev.tidewatch.control.gateway.syslog;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Syslog's timestamps as ISO 8601 with a zone; null for what is none. */
final class SyslogTimes {
  private static final Duration TOMORROW = Duration.ofDays(2);
  private final ZoneId zone;
  private final Clock clock;

  SyslogTimes(ZoneId zone, Clock clock) {
    this.zone = zone;
    this.clock = clock;
  }

  @Nullable String iso(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant().toString();
    } catch (DateTimeException e) {
      try {
        return LocalDateTime.parse(text).atZone(zone).toInstant().toString();
      } catch (DateTimeException noTime) {
        return null;
      }
    }
  }

  /** {@code Oct 1 22:14:15} has no year: the latest that is not in the future. */
  @Nullable String rfc3164(String text) {
    Instant now = clock.instant();
    int year = ZonedDateTime.ofInstant(now, zone).getYear();
    for (int candidate = year + 1; candidate >= year - 4; candidate--) {
      @Nullable Instant time = in(candidate, text);
      if (time != null && !time.isAfter(now.plus(TOMORROW))) {
        return time.toString();
      }
    }
    return null;
  }

  private @Nullable Instant in(int year, String text) {
    DateTimeFormatter format =
        new DateTimeFormatterBuilder()
            .appendPattern("MMM d HH:mm:ss")
            .parseDefaulting(ChronoField.YEAR, year)
            .toFormatter(Locale.ROOT);
    try {
      return LocalDateTime.parse(text.replaceAll(" +", " "), format).atZone(zone).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
