package dev.tidewatch.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.events.v1.TimePolicy;
import org.junit.jupiter.api.Test;

/** Which of an event's times counts. Ingest is 2024-10-27T03:33:20Z in all of them. */
class EventTimeTest {
  private static final long INGEST = 1_730_000_000_000_000L;
  private static final long OBSERVED = INGEST - 5_000_000L;
  private static final long PAYLOAD = 1_714_557_600_000_000L;

  @Test
  void thePayloadsTimeCounts() throws Exception {
    EventDocument event = parse("{'timestamp':'2024-05-01T10:00:00Z'}", OBSERVED);
    assertTime(event, PAYLOAD, TimeQuality.PAYLOAD, false);
  }

  @Test
  void withoutOneTheObservedTimeCounts() throws Exception {
    assertTime(parse("{'a':1}", OBSERVED), OBSERVED, TimeQuality.OBSERVED, false);
    assertTime(parse("{'timestamp':'soon'}", OBSERVED), OBSERVED, TimeQuality.OBSERVED, false);
    assertTime(parse("{'timestamp':{'x':1}}", OBSERVED), OBSERVED, TimeQuality.OBSERVED, false);
  }

  @Test
  void withoutEitherTheIngestTimeCounts() throws Exception {
    assertTime(parse("{'a':1}", 0), INGEST, TimeQuality.INGEST, false);
    assertTime(parse("{'a':1}", 42), INGEST, TimeQuality.INGEST, false);
    assertTime(parse("{'a':1}", INGEST * 2), INGEST, TimeQuality.INGEST, false);
  }

  @Test
  void withoutAnyThereIsNone() throws Exception {
    assertTime(Events.parse("{'a':1}"), Long.MIN_VALUE, TimeQuality.NONE, false);
  }

  @Test
  void implausibleTimesAreNotBelieved() throws Exception {
    for (String time :
        new String[] {"1970-01-01T00:00:00Z", "2100-01-01", "1601-01-01T00:00:00Z"}) {
      EventDocument event = parse("{'timestamp':'" + time + "'}", OBSERVED);
      assertTime(event, OBSERVED, TimeQuality.OBSERVED, true);
    }
    assertTime(parse("{'timestamp':0}", 0), INGEST, TimeQuality.INGEST, true);
    assertTime(Events.parse("{'timestamp':0}"), Long.MIN_VALUE, TimeQuality.NONE, true);
  }

  @Test
  void anEnvelopeFromTheFutureIsNotBelieved() throws Exception {
    TelemetryEvent event =
        Events.envelope("{'timestamp':'2100-01-01'}").setIngestTimeUs(Long.MAX_VALUE / 2).build();
    assertTime(EventDocument.parse(event), Long.MIN_VALUE, TimeQuality.NONE, true);
  }

  @Test
  void aDayAheadIsTheLimit() throws Exception {
    long day = 86_400_000_000L;
    assertTime(
        parse("{'timestamp':" + (INGEST + day) + "}", 0), INGEST + day, TimeQuality.PAYLOAD, false);
    assertTime(
        parse("{'timestamp':" + (INGEST + day + 1) + "}", 0), INGEST, TimeQuality.INGEST, true);
  }

  @Test
  void aPlausibleTimeBesideAnImplausibleOneCounts() throws Exception {
    EventDocument event =
        parse("{'@timestamp':'1970-01-01T00:00:00Z','timestamp':'2024-05-01T10:00:00Z'}", OBSERVED);
    assertTime(event, PAYLOAD, TimeQuality.PAYLOAD, false);
  }

  @Test
  void aTimeWithAZoneBeatsALocalOne() throws Exception {
    EventDocument event =
        parse("{'@timestamp':'2024-05-01 12:00:00','timestamp':'2024-05-01T10:00:00Z'}", OBSERVED);
    assertTime(event, PAYLOAD, TimeQuality.PAYLOAD, false);
    assertTime(
        parse("{'@timestamp':'2024-05-01 10:00:00'}", OBSERVED),
        PAYLOAD,
        TimeQuality.PAYLOAD,
        false);
  }

  @Test
  void aReplayWithCurrentTimesTakesTheObservedOne() throws Exception {
    TelemetryEvent event =
        Events.envelope("{'timestamp':'2024-05-01T10:00:00Z'}")
            .setObservedTimeUs(OBSERVED)
            .setTimePolicy(TimePolicy.TIME_POLICY_OBSERVED)
            .build();
    assertTime(EventDocument.parse(event), OBSERVED, TimeQuality.OBSERVED, false);
  }

  @Test
  void withoutAnEnvelopeTheClockIsTheReference() throws Exception {
    EventReader reader = new EventReader(PayloadLimits.DEFAULT, () -> PAYLOAD);
    byte[] later = Events.bytes("{\"timestamp\":\"2024-06-01T10:00:00Z\"}");
    assertTime(reader.read(later), Long.MIN_VALUE, TimeQuality.NONE, true);
  }

  private static EventDocument parse(String payload, long observed) throws MalformedEventException {
    return EventDocument.parse(Events.envelope(payload).setObservedTimeUs(observed).build());
  }

  private static void assertTime(
      EventDocument event, long micros, TimeQuality quality, boolean implausible) {
    assertThat(event.timeMicros()).isEqualTo(micros);
    assertThat(event.timeQuality()).isEqualTo(quality);
    assertThat(event.hasImplausibleTime()).isEqualTo(implausible);
  }
}
