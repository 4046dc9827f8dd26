package dev.tidewatch.benchmarks.chaos;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.v1.SourceHint;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.events.v1.TimePolicy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Events of a made-up product, each a function of the seed and its number alone: logons that fail
 * and succeed, a few files, some markers. So the same events can be sent once and evaluated again
 * at the end.
 *
 * <p>Event time goes forward by the rate, not by the clock, with a jitter below the job's allowed
 * out-of-orderness; what is sent late by an outage is not late in event time.
 */
final class ChaosTelemetry {
  static final String TENANT = "chaos";
  static final String PRODUCT = "chaos";
  private static final SourceHint SOURCE = SourceHint.newBuilder().setProduct(PRODUCT).build();
  private static final long JITTER_MICROS = 2_000_000;

  private final long seed;
  private final long startMicros;
  private final int rate;

  /**
   * @param startMicros event time of the first event
   * @param rate events per second of event time
   */
  ChaosTelemetry(long seed, long startMicros, int rate) {
    this.seed = seed;
    this.startMicros = startMicros;
    this.rate = rate;
  }

  /** Event {@code number}, from 0. */
  TelemetryEvent event(long number) {
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
    long time = startMicros + number * 1_000_000 / rate - random.nextLong(JITTER_MICROS);
    String host = "host" + random.nextInt(40);
    String payload =
        String.format(
            Locale.ROOT,
            "{\"n\":%d,\"action\":\"%s\",\"user\":\"user%d\",\"host\":\"%s\",\"size\":%d}",
            number,
            action(random),
            random.nextInt(200),
            host,
            random.nextInt(1000));
    return envelope(number, time, host, payload);
  }

  /** An event far behind the others that moves event time on and matches nothing. */
  TelemetryEvent last(long number, int hoursAfter) {
    long time = startMicros + number * 1_000_000 / rate + hoursAfter * 3_600_000_000L;
    return envelope(number, time, "flush", "{\"action\":\"flush\"}");
  }

  private static String action(SplittableRandom random) {
    int dice = random.nextInt(100);
    if (dice < 20) {
      return "logon_failed";
    }
    if (dice < 28) {
      return "logon";
    }
    if (dice < 29) {
      return "malware";
    }
    return dice < 30 ? "marker" : "idle";
  }

  private TelemetryEvent envelope(long number, long time, String host, String payload) {
    return TelemetryEvent.newBuilder()
        .setTenantId(TENANT)
        .setEventId(ByteString.copyFrom(id(time, number)))
        .setObservedTimeUs(time)
        .setIngestTimeUs(time)
        .setSource(SOURCE)
        .setHost(host)
        .setTimePolicy(TimePolicy.TIME_POLICY_OBSERVED)
        .setOrigin("chaos")
        .setPayload(ByteString.copyFrom(payload, StandardCharsets.UTF_8))
        .build();
  }

  /** A UUIDv7 of the time and the number. */
  private byte[] id(long time, long number) {
    long high = (time / 1_000) << 16 | 0x7000;
    long low = 0x8000_0000_0000_0000L | number;
    return ByteBuffer.allocate(16).putLong(high).putLong(low ^ (seed << 40 & ~(3L << 62))).array();
  }
}
