package dev.tidewatch.jobs.remember;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.remember.BoundedRemember;
import dev.tidewatch.remember.MatchedEvent;
import dev.tidewatch.remember.StatefulRule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A stream of matches, in the order in which they come in, and the episodes it must give. */
record RandomMatches(List<Arrival> arrivals) {
  static final long LATENESS_MICROS = 5_000_000;
  private static final long START = 1_772_366_400_000_000L;

  /**
   * @param watermarkMillis when it came; not behind the latest event by more than the lateness
   */
  record Arrival(String ip, long micros, long eventId, long watermarkMillis) {}

  static RandomMatches of(long seed, int count) {
    Random random = new Random(seed);
    List<long[]> events = new ArrayList<>();
    long span = 1 + random.nextInt(120);
    for (int i = 0; i < count; i++) {
      // Coarse times, so that equal ones and window borders occur.
      long micros = START + random.nextInt((int) span * 4) * 250_000L;
      events.add(new long[] {micros, i, micros + (long) (random.nextDouble() * LATENESS_MICROS)});
    }
    events.sort(Comparator.comparingLong((long[] event) -> event[2]));
    List<Arrival> arrivals = new ArrayList<>();
    long newest = Long.MIN_VALUE;
    long watermark = Long.MIN_VALUE;
    for (long[] event : events) {
      arrivals.add(new Arrival("10.0.0." + random.nextInt(4), event[0], event[1], watermark));
      newest = Math.max(newest, event[0]);
      if (random.nextInt(5) == 0) {
        watermark = Math.floorDiv(newest - LATENESS_MICROS, 1_000L) - 1;
      }
    }
    return new RandomMatches(arrivals);
  }

  /** By the bounded run. */
  Map<String, RememberHarness.Ended> expected(StatefulRule... rules) {
    BoundedRemember remember = new BoundedRemember(List.of(rules));
    for (Arrival arrival : arrivals) {
      remember.fired(
          BurstRules.MEMBER,
          new MatchedEvent("acme", document(arrival.ip()), arrival.micros(), 7, arrival.eventId()));
    }
    Map<String, RememberHarness.Ended> ended = new TreeMap<>();
    for (BoundedRemember.FoundEpisode found : remember.finish()) {
      String id = found.alertId().toString();
      ended.put(
          id,
          new RememberHarness.Ended(
              id,
              found.rule().id(),
              found.episode().count(),
              found.episode().firstMicros(),
              found.episode().lastMicros()));
    }
    return ended;
  }

  private static EventDocument document(String ip) {
    try {
      String payload = "{\"IpAddress\":\"" + ip + "\",\"Hostname\":\"h1\"}";
      return EventDocument.parse(payload.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedEventException e) {
      throw new AssertionError(e);
    }
  }
}
