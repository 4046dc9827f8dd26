package dev.tidewatch.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.v1.SourceHint;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.events.v1.TimePolicy;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.Size;

class TelemetryCodecPropertyTest {
  private final TelemetryCodec codec = new TelemetryCodec();

  @Property(tries = 300)
  void decodingUndoesEncoding(
      @ForAll @NotBlank String tenant,
      @ForAll long high,
      @ForAll long low,
      @ForAll long observed,
      @ForAll String host,
      @ForAll TimePolicy policy,
      @ForAll @Size(min = 1, max = 200) byte[] payload)
      throws Exception {
    UUID id = new UUID(high, low);
    TelemetryEvent.Builder event =
        TelemetryEvent.newBuilder()
            .setTenantId(wellFormed(tenant))
            .setEventId(EventIds.bytes(id))
            .setObservedTimeUs(observed)
            .setHost(wellFormed(host))
            .setSource(SourceHint.newBuilder().setService(wellFormed(host)))
            .setPayload(ByteString.copyFrom(payload));
    if (policy != TimePolicy.UNRECOGNIZED) {
      event.setTimePolicy(policy);
    }
    TelemetryEvent built = event.build();
    TelemetryEvent decoded = codec.decode(codec.encode(built));
    assertThat(decoded).isEqualTo(built);
    assertThat(decoded.getPayload().toByteArray()).isEqualTo(payload);
    assertThat(EventIds.uuid(decoded.getEventId())).isEqualTo(id);
  }

  /** Protobuf strings cannot carry unpaired surrogates. */
  private static String wellFormed(String text) {
    return text.chars().anyMatch(c -> Character.isSurrogate((char) c)) ? "x" : text;
  }
}
