package dev.tidewatch.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TelemetryCodecTest {
  private final TelemetryCodec codec = new TelemetryCodec();

  @Test
  void returnsWhatWasEncoded() throws Exception {
    TelemetryEvent event = Events.envelope("{'a': 1}").setHost("web-1").setOrigin("x").build();
    assertThat(codec.decode(codec.encode(event))).isEqualTo(event);
  }

  @Test
  void keepsThePayloadBytes() throws Exception {
    ByteString odd = ByteString.copyFrom(new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'});
    TelemetryEvent event = Events.envelope("").setPayload(odd).build();
    assertThat(codec.decode(codec.encode(event)).getPayload()).isEqualTo(odd);
  }

  @Test
  void keysByTenantAndHost() {
    TelemetryEvent event = Events.envelope("{}").setHost("web-1").build();
    assertThat(new String(TelemetryCodec.key(event), StandardCharsets.UTF_8))
        .isEqualTo("default\0web-1");
  }

  @Test
  void refusesWhatIsNoTelemetryEvent() {
    assertRefused(null, "TW-E4001");
    assertRefused(new byte[] {(byte) 0xFF, 1, 2}, "TW-E4001");
  }

  @Test
  void refusesAnIncompleteEnvelope() {
    assertRefused(Events.envelope("{}").setTenantId(" ").build().toByteArray(), "TW-E4002");
    assertRefused(
        Events.envelope("{}").setEventId(ByteString.copyFromUtf8("short")).build().toByteArray(),
        "TW-E4003");
    assertRefused(Events.envelope("").build().toByteArray(), "TW-E4004");
    assertRefused(new byte[0], "TW-E4002");
  }

  @Test
  void refusesALargePayload() throws Exception {
    TelemetryCodec small = new TelemetryCodec(new PayloadLimits(10, 8, 100));
    byte[] tooLarge = Events.envelope("{'a': 12345}").build().toByteArray();
    assertThatThrownBy(() -> small.decode(tooLarge))
        .isInstanceOf(MalformedEventException.class)
        .hasMessageContaining("the payload has 12 bytes; the limit is 10")
        .extracting(e -> ((MalformedEventException) e).code())
        .isEqualTo("TW-E4005");
    assertThat(small.decode(Events.envelope("{'a':1234}").build().toByteArray())).isNotNull();
  }

  @Test
  void everyCodeIsDocumented() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "reference", "dead-letters.md"));
    for (Malformation malformation : Malformation.values()) {
      assertThat(page).contains("| `" + malformation.code() + "` |");
    }
  }

  private void assertRefused(byte @Nullable [] record, String code) {
    assertThatThrownBy(() -> codec.decode(record))
        .isInstanceOf(MalformedEventException.class)
        .extracting(e -> ((MalformedEventException) e).code())
        .isEqualTo(code);
  }
}
