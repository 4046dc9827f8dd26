package dev.tidewatch.agent.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EmitterTest {
  private final RecordingSink sink = new RecordingSink();
  private final AtomicLong nanos = new AtomicLong();

  private Emitter emitter(int perSecond, int maxBytes) {
    return new Emitter(
        "process",
        sink,
        new Emitter.Limits(perSecond, maxBytes, false),
        InstantSource.system(),
        nanos::get);
  }

  private static Payload payload(String text) {
    return new Payload().put("text", text);
  }

  @Test
  void dropsAndCountsOverTheRateAndGoesOnLater() throws Exception {
    Emitter emitter = emitter(10, 1000);
    for (int i = 0; i < 25; i++) {
      emitter.emit(Sources.PROCESS_CREATION, payload("x"));
    }
    assertThat(sink.events()).hasSize(20);
    assertThat(emitter.dropped()).isEqualTo(5);
    nanos.addAndGet(500_000_000L);
    for (int i = 0; i < 10; i++) {
      emitter.emit(Sources.PROCESS_CREATION, payload("x"));
    }
    assertThat(emitter.events()).isEqualTo(25);
    assertThat(emitter.dropped()).isEqualTo(10);
  }

  @Test
  void dropsWhatIsTooLarge() throws Exception {
    Emitter emitter = emitter(0, 100);
    emitter.emit(Sources.PROCESS_CREATION, payload("x".repeat(200)));
    emitter.emit(Sources.PROCESS_CREATION, payload("small"));
    assertThat(sink.payloads()).containsExactly("{\"text\":\"small\"}");
    assertThat(emitter.dropped()).isEqualTo(1);
  }

  @Test
  void givesEveryEventAnIdAndItsOrigin() throws Exception {
    Emitter emitter = emitter(0, 1000);
    emitter.emit(Sources.PROCESS_CREATION, payload("a"));
    emitter.emit(Sources.RECOGNISED, "/var/log/x", payload("b").json(), 42);
    assertThat(sink.events().get(0).getEventId().size()).isEqualTo(16);
    assertThat(sink.events().get(0).getEventId()).isNotEqualTo(sink.events().get(1).getEventId());
    assertThat(sink.events().get(1).getOrigin()).isEqualTo("process:/var/log/x");
    assertThat(sink.events().get(1).getObservedTimeUs()).isEqualTo(42);
  }

  @Test
  void leavesOutWhatIsNotThereAndMendsBrokenText() {
    String json =
        new Payload()
            .put("a", "")
            .put("b", (String) null)
            .put("c", "lone \ud800 surrogate \u0000 \"quoted\"")
            .put("d", 7)
            .json()
            .toStringUtf8();
    assertThat(json).isEqualTo("{\"c\":\"lone \ufffd surrogate \\u0000 \\\"quoted\\\"\",\"d\":7}");
  }
}
