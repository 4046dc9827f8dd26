package dev.tidewatch.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;

/** One instant in the ways sources write it, under the names that the scenario's data use. */
final class EventTimes {
  private static final DateTimeFormatter SECONDS = format("yyyy-MM-dd'T'HH:mm:ss'Z'");
  private static final DateTimeFormatter MILLIS = format("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
  private static final DateTimeFormatter MICROS = format("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");
  private static final DateTimeFormatter SURICATA = format("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'+0000'");
  private static final DateTimeFormatter SPACE_MILLIS = format("yyyy-MM-dd HH:mm:ss.SSS");

  private EventTimes() {}

  static Map<String, JsonNode> at(Instant time) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, time);
    return Map.of(
        "time:iso", TextNode.valueOf(MILLIS.format(time)),
        "time:iso-seconds", TextNode.valueOf(SECONDS.format(time)),
        "time:iso-micros", TextNode.valueOf(MICROS.format(time)),
        "time:iso-offset", TextNode.valueOf(SURICATA.format(time)),
        "time:space-ms", TextNode.valueOf(SPACE_MILLIS.format(time)),
        "time:epoch", DecimalNode.valueOf(BigDecimal.valueOf(micros, 6)),
        "time:epoch-micros", TextNode.valueOf(Long.toString(micros)));
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }
}
