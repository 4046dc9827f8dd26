package dev.tidewatch.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** The hand-written parser against java.time. */
class EventTimesPropertyTest {
  private static final long MIN = -2_208_988_800_000_000L;
  private static final long MAX = 7_258_118_400_000_000L;
  private static final DateTimeFormatter SPACED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);
  private static final DateTimeFormatter WEB =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);

  @Property
  void readsInstants(@ForAll @LongRange(min = MIN, max = MAX) long micros) {
    assertThat(EventTimes.read(instant(micros).toString()))
        .isEqualTo(new EventTimes.Reading(micros, true));
  }

  @Property
  void readsOffsets(
      @ForAll @LongRange(min = MIN, max = MAX) long micros,
      @ForAll @IntRange(min = -1_080, max = 1_080) int offsetMinutes) {
    OffsetDateTime time = instant(micros).atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60));
    assertThat(EventTimes.read(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time)))
        .isEqualTo(new EventTimes.Reading(micros, true));
    long seconds = Math.floorDiv(micros, 1_000_000L) * 1_000_000L;
    assertThat(EventTimes.read(WEB.format(time))).isEqualTo(new EventTimes.Reading(seconds, true));
  }

  @Property
  void readsLocalTimesAsUtc(@ForAll @LongRange(min = MIN, max = MAX) long micros) {
    LocalDateTime time =
        LocalDateTime.ofInstant(instant(micros), ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS);
    assertThat(EventTimes.read(SPACED.format(time)))
        .isEqualTo(new EventTimes.Reading(Math.floorDiv(micros, 1_000L) * 1_000L, false));
  }

  /** From 1980 to 2190, where seconds, milli-, micro- and nanoseconds cannot be confused. */
  @Property
  void readsEpochs(
      @ForAll @LongRange(min = 315_532_800_000_000L, max = 6_942_758_400_000_000L) long micros) {
    assertThat(EventTimes.read(Long.toString(micros)).micros()).isEqualTo(micros);
    assertThat(EventTimes.read(Long.toString(micros * 1_000L + 7)).micros()).isEqualTo(micros);
    assertThat(EventTimes.read(Long.toString(micros / 1_000L)).micros())
        .isEqualTo(micros / 1_000L * 1_000L);
    assertThat(EventTimes.read(Long.toString(micros / 1_000_000L)).micros())
        .isEqualTo(micros / 1_000_000L * 1_000_000L);
    assertThat(
            EventTimes.read(
                    micros / 1_000_000L
                        + "."
                        + Long.toString(1_000_000L + micros % 1_000_000L).substring(1))
                .micros())
        .isEqualTo(micros);
  }

  @Property
  void neverThrows(@ForAll String text) {
    assertThat(EventTimes.read(text)).isNotNull();
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
