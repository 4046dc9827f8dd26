package dev.tidewatch.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.events.v1.TimePolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * The event's time and where it is from.
 *
 * <p>Of the payload's times, in the order of the shape's table, the first with a zone wins, else
 * the first at all. A time before 1980, or more than a day after the event was observed or taken
 * in, is implausible: the event is kept, the time is not, so that one broken clock never moves a
 * watermark to 2100 or a window to 1970.
 *
 * @param micros microseconds since the Unix epoch, {@code Long.MIN_VALUE} with {@link
 *     TimeQuality#NONE}
 * @param implausible the payload has a time, but not one that can be true
 */
record EventTime(long micros, TimeQuality quality, boolean implausible) {
  static final long EARLIEST = 315_532_800L * EventTimes.MICROS;
  static final long AHEAD = 86_400L * EventTimes.MICROS;

  /**
   * @param now microseconds; nothing can be more than a day after it, and it is the reference when
   *     the envelope has no time of its own
   */
  static EventTime of(TelemetryEvent event, PayloadView payload, List<TimeField> fields, long now) {
    long ingest = event.getIngestTimeUs();
    if (ingest < EARLIEST || ingest > now + AHEAD) {
      ingest = EventTimes.NONE;
    }
    long reference = ingest == EventTimes.NONE ? now : ingest;
    long observed = event.getObservedTimeUs();
    if (observed < EARLIEST || observed > reference + AHEAD) {
      observed = EventTimes.NONE;
    }
    if (event.getTimePolicy() == TimePolicy.TIME_POLICY_OBSERVED && observed != EventTimes.NONE) {
      return new EventTime(observed, TimeQuality.OBSERVED, false);
    }
    return ofPayload(payload, fields, Math.max(reference, observed) + AHEAD, observed, ingest);
  }

  private static EventTime ofPayload(
      PayloadView payload, List<TimeField> fields, long latest, long observed, long ingest) {
    boolean implausible = false;
    long unzoned = EventTimes.NONE;
    List<JsonNode> values = new ArrayList<>(1);
    for (TimeField field : fields) {
      values.clear();
      if (!payload.collectExact(field.name(), values)) {
        continue;
      }
      EventTimes.Reading reading = EventTimes.read(values.get(0));
      if (reading.micros() == EventTimes.NONE) {
        continue;
      }
      if (reading.micros() < EARLIEST || reading.micros() > latest) {
        implausible = true;
      } else if (reading.zoned() || field.utc()) {
        return new EventTime(reading.micros(), TimeQuality.PAYLOAD, false);
      } else if (unzoned == EventTimes.NONE) {
        unzoned = reading.micros();
      }
    }
    if (unzoned != EventTimes.NONE) {
      return new EventTime(unzoned, TimeQuality.PAYLOAD, false);
    }
    return ofEnvelope(observed, ingest, implausible);
  }

  private static EventTime ofEnvelope(long observed, long ingest, boolean implausible) {
    if (observed != EventTimes.NONE) {
      return new EventTime(observed, TimeQuality.OBSERVED, implausible);
    }
    if (ingest != EventTimes.NONE) {
      return new EventTime(ingest, TimeQuality.INGEST, implausible);
    }
    return new EventTime(EventTimes.NONE, TimeQuality.NONE, implausible);
  }

  /**
   * Where a shape keeps a time.
   *
   * @param utc the source always means UTC, also when it names no zone
   */
  record TimeField(FieldName name, boolean utc) {}
}
