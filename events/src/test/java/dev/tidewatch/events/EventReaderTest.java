package dev.tidewatch.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventReaderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"a\": tru}         | TW-E4006 | at byte",
        "{\"a\": 1            | TW-E4006 | end-of-input",
        "{a: 1}               | TW-E4006 | at byte 1",
        "{\"a\": NaN}         | TW-E4006 | NaN",
        "<Event/>             | TW-E4006 | '<'",
        "[{\"a\": 1}]         | TW-E4007 | ARRAY",
        "\"text\"             | TW-E4007 | STRING",
        "null                 | TW-E4007 | NULL",
        "42                   | TW-E4007 | NUMBER",
        "{\"a\": 1}{\"a\": 2} | TW-E4010 | more than one",
        "{\"a\": 1} x         | TW-E4006 | x",
      })
  void refusesWhatIsNoObject(String payload, String code, String message) {
    assertRefused(Events.bytes(payload), code, message);
  }

  @Test
  void refusesEmptyAndBlankPayloads() {
    assertRefused(new byte[0], "TW-E4004", "empty");
    assertRefused(Events.bytes(" \n\t "), "TW-E4004", "blank");
  }

  @Test
  void refusesDeepPayloads() throws Exception {
    assertRefused(nested(512), "TW-E4008", "deeper than 512");
    assertRefused(nested(1_000_000), "TW-E4008", "deeper than 512");
    assertThat(EventDocument.parse(nested(511)).field("a")).hasSize(1);
  }

  /** An object with {@code arrays} arrays in each other. */
  private static byte[] nested(int arrays) {
    return Events.bytes("{\"a\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}");
  }

  @Test
  void refusesBushyPayloads() {
    assertRefused(Events.bytes("{\"a\":[" + "[],".repeat(600_000) + "1]}"), "TW-E4009", "1000000");
  }

  @Test
  void refusesHugeNumbers() {
    assertRefused(Events.bytes("{\"a\":" + "9".repeat(2_000) + "}"), "TW-E4009", "1000");
    assertRefused(Events.bytes("{\"a\":12e345678901234567890}"), "TW-E4009", "number");
  }

  @Test
  void refusesLargePayloads() {
    EventReader reader = new EventReader(new PayloadLimits(64, 8, 100));
    assertThatThrownBy(() -> reader.read(Events.bytes("{\"a\":\"" + "x".repeat(64) + "\"}")))
        .hasMessageContaining("the limit is 64");
  }

  @Test
  void refusesWideEncodings() {
    assertRefused("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE), "TW-E4012", "UTF-16");
    assertRefused("{\"a\":1}".getBytes(StandardCharsets.UTF_16), "TW-E4012", "UTF-16");
    assertRefused("{\"a\":1}".getBytes(StandardCharsets.UTF_16BE), "TW-E4012", "UTF-16");
  }

  @Test
  void refusesAFileOfCloudTrailRecords() throws Exception {
    String one = "{'eventVersion':'1.08','eventSource':'s3.amazonaws.com','eventName':'GetObject'}";
    assertRefused(
        Events.bytes(("{'Records':[" + one + "," + one + "]}").replace('\'', '"')),
        "TW-E4011",
        "2 CloudTrail records");
    EventDocument single = Events.parse("{'Records':[" + one + "]}");
    assertThat(single.logSource()).isEqualTo(new LogSource("aws", "", "cloudtrail"));
    assertThat(Events.texts(single, "eventName")).containsExactly("GetObject");
  }

  @Test
  void toleratesInvalidUtf8() throws Exception {
    byte[] payload = Events.bytes("{\"CommandLine\":\"cat /tmp/X\",\"n\":1}");
    payload[payload.length - 9] = (byte) 0xE9;
    EventDocument event = EventDocument.parse(payload);
    assertThat(Events.texts(event, "CommandLine")).containsExactly("cat /tmp/\uFFFD");
    assertThat(event.raw()).contains("cat /tmp/\uFFFD");
    byte[] brokenToo = Events.bytes("{\"a\":\"X\"");
    brokenToo[6] = (byte) 0xE9;
    assertRefused(brokenToo, "TW-E4006", "no JSON");
  }

  @Test
  void acceptsAByteOrderMark() throws Exception {
    assertThat(Events.parse("\uFEFF{'a':'b'}").field("a")).hasSize(1);
  }

  @Test
  void takesTheLastOfDuplicateKeys() throws Exception {
    EventDocument event = Events.parse("{'a':'first','a':'last'}");
    assertThat(Events.texts(event, "a")).containsExactly("last");
    assertThat(event.raw()).contains("first");
  }

  @Test
  void keepsDigitsOfFractions() throws Exception {
    EventDocument event = Events.parse("{'ts':1588205199.824370,'big':123456789012345678901}");
    assertThat(Events.texts(event, "ts")).containsExactly("1588205199.824370");
    assertThat(Events.texts(event, "big")).containsExactly("123456789012345678901");
  }

  @Test
  void limitsMustBePositive() {
    assertThatThrownBy(() -> new PayloadLimits(1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxDepth must be positive, not 0");
    assertThat(PayloadLimits.DEFAULT).isEqualTo(new PayloadLimits(16_777_216, 512, 1_000_000));
  }

  private static void assertRefused(byte[] payload, String code, String message) {
    assertThatThrownBy(() -> EventDocument.parse(payload))
        .isInstanceOf(MalformedEventException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((MalformedEventException) e).code())
        .isEqualTo(code);
  }
}
