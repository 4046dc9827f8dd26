package dev.tidewatch.match;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Dates in event values, read as they stand there: {@code 2025-01-31T23:59:59.1+02:00} is hour 23.
 * Numbers are seconds, milliseconds, microseconds or nanoseconds since the epoch, by their size, in
 * UTC.
 */
final class Times {
  private static final int MINUTES_END = 16;
  private static final int DAY_END = 10;
  private static final double[] UNITS = {1e11, 1e14, 1e17, 1e20};

  private Times() {}

  /** A day, or a day and time; null if the value is no date. */
  static @Nullable TemporalAccessor of(JsonNode node) {
    if (node.isTextual()
        && node.textValue().length() >= DAY_END
        && node.textValue().charAt(4) == '-') {
      return parse(node.textValue());
    }
    BigDecimal number = Numbers.of(node);
    return number == null ? null : ofEpoch(number.doubleValue());
  }

  private static @Nullable TemporalAccessor parse(String text) {
    try {
      if (text.length() == DAY_END) {
        return LocalDate.parse(text);
      }
      boolean separated = text.charAt(DAY_END) == 'T' || text.charAt(DAY_END) == ' ';
      return separated && text.length() >= MINUTES_END
          ? LocalDateTime.parse(
              text.substring(0, DAY_END) + "T" + text.substring(DAY_END + 1, MINUTES_END))
          : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable TemporalAccessor ofEpoch(double number) {
    double unit = 1;
    for (double limit : UNITS) {
      if (number >= 0 && number < limit) {
        return LocalDateTime.ofInstant(
            Instant.ofEpochSecond((long) (number / unit)), ZoneOffset.UTC);
      }
      unit *= 1000;
    }
    return null;
  }
}
