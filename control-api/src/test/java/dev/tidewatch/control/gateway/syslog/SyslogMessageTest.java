package dev.tidewatch.control.gateway.syslog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SyslogMessageTest {
  private final SyslogMessage messages =
      new SyslogMessage(
          ZoneId.of("Europe/Vienna"),
          Clock.fixed(Instant.parse("2026-01-02T12:00:00Z"), ZoneOffset.UTC));

  private JsonNode read(String text) {
    return messages.read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertField(JsonNode event, String field, String value) {
    assertThat(event.path(field).asText()).as(field + " of " + event).isEqualTo(value);
  }

  @Test
  void rfc5424() {
    JsonNode event =
        read(
            "<165>1 2026-01-02T22:14:15.003+01:00 mymachine.example.com evntslog 8710 ID47"
                + " [a@1 iut=\"3\" s=\"x\\]y\"][b] \ufeffAn application event");
    assertField(event, "timestamp", "2026-01-02T21:14:15.003Z");
    assertField(event, "host", "mymachine.example.com");
    assertField(event, "program", "evntslog");
    assertField(event, "pid", "8710");
    assertField(event, "msgid", "ID47");
    assertField(event, "facility", "local4");
    assertField(event, "severity", "notice");
    assertField(event, "message", "An application event");
    assertThat(event.path("structured_data").toString())
        .isEqualTo("{\"a@1\":{\"iut\":\"3\",\"s\":\"x]y\"},\"b\":{}}");
  }

  @Test
  void rfc5424WithoutAnything() {
    JsonNode event = read("<34>1 - - - - - -");
    assertThat(event.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("facility", "severity", "message");
  }

  @Test
  void rfc3164() {
    JsonNode event = read("<34>Oct 11 22:14:15 mymachine su[231]: 'su root' failed on /dev/pts/8");
    // Not this year: that would be in the future.
    assertField(event, "timestamp", "2025-10-11T20:14:15Z");
    assertField(event, "host", "mymachine");
    assertField(event, "program", "su");
    assertField(event, "pid", "231");
    assertField(event, "message", "'su root' failed on /dev/pts/8");
  }

  @Test
  void whatSendersMakeOfRfc3164() {
    JsonNode local = read("<38>Jan  2 10:00:00 sshd[1]: Accepted");
    assertField(local, "program", "sshd");
    assertField(local, "message", "Accepted");
    assertThat(local.has("host")).isFalse();
    assertField(read("<78>Jan 2 10:00:00 h (CRON)[9]: x"), "program", "CRON");
    assertField(read("<78>Jan 2 10:00:00 h /usr/sbin/cron[9]: x"), "program", "cron");
    assertField(
        read("<13>2026-01-02T10:00:00.123456+00:00 h app: x"),
        "timestamp",
        "2026-01-02T10:00:00.123456Z");
    assertField(read("no header at all"), "message", "no header at all");
    assertField(read("<999>odd priority"), "message", "odd priority");
    assertField(read("<13>Feb 30 10:00:00 h app: x"), "program", "app");
  }

  @Test
  void cef() {
    JsonNode event =
        read(
            "<134>Jan  2 10:00:00 fw CEF:0|Acme\\|Co|Wall|1.0|100|worm \\\\ stopped|10|src=10.0.0.1"
                + " dst=2.1.2.2 spt=1232 msg=Detected a=b threat\\=x request=http://h/p?q\\=1");
    assertField(event, "device_vendor", "Acme|Co");
    assertField(event, "name", "worm \\ stopped");
    assertField(event, "src_ip", "10.0.0.1");
    assertField(event, "src_port", "1232");
    assertField(event, "msg", "Detected");
    assertField(event, "a", "b threat=x");
    assertField(event, "c-uri", "http://h/p?q=1");
    assertField(event, "host", "fw");
    assertThat(event.has("program")).isFalse();
    assertField(read("<1>CEF:0|too|short"), "message", "CEF:0|too|short");
  }

  @Test
  void anythingIsAMessage() {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(80)];
      random.nextBytes(bytes);
      if (bytes.length > 30) {
        byte[] head = "<34>1 2026-01-02T10:00:00Z h a - - [x y=".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(head, 0, bytes, 0, 1 + random.nextInt(30));
      }
      assertThat(messages.read(bytes).size()).isPositive();
    }
  }
}
