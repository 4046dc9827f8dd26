package dev.tidewatch.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimesTest {

  @ParameterizedTest
  @CsvSource({
    "2024-05-01T10:00:00Z,                 2024-05-01T10:00:00Z, true",
    "2024-05-01T10:00:00.1234567Z,         2024-05-01T10:00:00.123456Z, true",
    "2024-05-01T10:00:00.5+02:00,          2024-05-01T08:00:00.5Z, true",
    "2024-05-01T10:00:00-0730,             2024-05-01T17:30:00Z, true",
    "2024-05-01T10:00:00+02,               2024-05-01T08:00:00Z, true",
    "2024-05-01 10:00:00.123,              2024-05-01T10:00:00.123Z, false",
    "'2024-05-01 10:00:00,123',            2024-05-01T10:00:00.123Z, false",
    "2024-05-01 10:00:00 UTC,              2024-05-01T10:00:00Z, true",
    "2024-05-01 10:00:00 +0000,            2024-05-01T10:00:00Z, true",
    "2024-05-01T10:00,                     2024-05-01T10:00:00Z, false",
    "2024-02-29,                           2024-02-29T00:00:00Z, false",
    "2016-12-31T23:59:60Z,                 2017-01-01T00:00:00Z, true",
    "1714557600,                           2024-05-01T10:00:00Z, true",
    "1714557600.25,                        2024-05-01T10:00:00.25Z, true",
    "1714557600123,                        2024-05-01T10:00:00.123Z, true",
    "1714557600123.5,                      2024-05-01T10:00:00.1235Z, true",
    "1714557600123456,                     2024-05-01T10:00:00.123456Z, true",
    "1714557600123456789,                  2024-05-01T10:00:00.123456Z, true",
    "-1,                                   1969-12-31T23:59:59Z, true",
    "/Date(1714557600123)/,                2024-05-01T10:00:00.123Z, true",
    "audit(1714557600.123:42),             2024-05-01T10:00:00.123Z, true",
    "10/Oct/2024:13:55:36 -0700,           2024-10-10T20:55:36Z, true",
    "'  2024-05-01T10:00:00Z  ',           2024-05-01T10:00:00Z, true",
  })
  void readsTexts(String text, Instant expected, boolean zoned) {
    EventTimes.Reading reading = EventTimes.read(text);
    assertThat(instant(reading.micros())).isEqualTo(expected);
    assertThat(reading.zoned()).isEqualTo(zoned);
  }

  @ParameterizedTest
  @CsvSource({
    "1714557600,           2024-05-01T10:00:00Z",
    "1714557600.123456,    2024-05-01T10:00:00.123456Z",
    "1714557600.1234567,   2024-05-01T10:00:00.123456Z",
    "1.7145576E9,          2024-05-01T10:00:00Z",
    "1714557600123,        2024-05-01T10:00:00.123Z",
    "1714557600123456,     2024-05-01T10:00:00.123456Z",
    "1714557600123456789,  2024-05-01T10:00:00.123456Z",
  })
  void readsNumbers(String json, Instant expected) throws Exception {
    assertThat(instant(EventTimes.read(number(json)).micros())).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999", "1e-999999", "99999999999999999999999", "1e25"})
  void refusesNumbersThatAreNoTime(String json) throws Exception {
    assertThat(EventTimes.read(number(json)).micros())
        .matches(micros -> micros == EventTimes.NONE || micros == 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-",
        "now",
        "2024",
        "2024-5-1",
        "2024-13-01",
        "2024-00-10",
        "2023-02-29",
        "2024-04-31T00:00:00Z",
        "2024-05-01T24:00:00Z",
        "2024-05-01T10:60:00Z",
        "2024-05-01T10:00:61Z",
        "2024-05-01T10:00:00.Z",
        "2024-05-01T10:00:00X",
        "2024-05-01T10:00:00+2",
        "2024-05-01T10:00:00+99:00",
        "2024-05-01T10:00:00ZZ",
        "2024-05-01X10:00:00",
        "20240501",
        "12345678901234567890123",
        "1.",
        "1.5.5",
        "0x10",
        "10/Foo/2024:13:55:36 -0700",
        "10/Oct/2024 13:55:36",
        "/Date()/",
        "audit()",
        "//",
        "32/Oct/2024:13:55:36 -0700",
        "10/ctn/2024:13:55:36 -0700"
      })
  void refusesWhatIsNoTime(String text) {
    EventTimes.Reading reading = EventTimes.read(text);
    assertThat(reading.micros())
        .as(text)
        .matches(micros -> micros == EventTimes.NONE || micros < EventTime.EARLIEST);
  }

  @Test
  void readsNoTimeFromOtherTypes() throws Exception {
    assertThat(EventTimes.read(number("true")).micros()).isEqualTo(EventTimes.NONE);
    assertThat(EventTimes.read(number("null")).micros()).isEqualTo(EventTimes.NONE);
    assertThat(EventTimes.read(number("{}")).micros()).isEqualTo(EventTimes.NONE);
  }

  private static JsonNode number(String json) throws Exception {
    return new ObjectMapper()
        .reader()
        .with(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .readTree(json);
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
  }
}
