package dev.tidewatch.control.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.control.ManualClock;
import dev.tidewatch.control.access.Standing;
import dev.tidewatch.control.v1.AlertFilter;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamRechecksTest {
  /** Looks are the test's: its own would come after a day. */
  private static final FeedLimits LIMITS =
      new FeedLimits(
          Duration.ofMillis(300),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          10,
          10,
          20_000,
          40_000,
          Duration.ofDays(1));

  private final ManualClock clock = new ManualClock();
  private final OpenStreams open = new OpenStreams();
  private final StreamRechecks rechecks = new StreamRechecks(open, LIMITS, clock);

  @AfterEach
  void close() {
    rechecks.close();
  }

  private RecordingSink stream(Standing standing) {
    RecordingSink sink = new RecordingSink();
    AlertSubscription subscription =
        new AlertSubscription(
            sink, AlertFilter.getDefaultInstance(), "", LIMITS.bufferBytes(), standing, clock);
    assertThat(open.add(subscription, 10)).isTrue();
    return sink;
  }

  @Test
  void onlyStreamsThatMayNotGoOnEnd() {
    RecordingSink stays = stream(Standing.LASTING);
    RecordingSink ends = stream(() -> Optional.of(Status.UNAUTHENTICATED.asRuntimeException()));
    rechecks.lookAtEach();
    assertThat(stays.end().isOk()).isTrue();
    assertThat(ends.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(open.count()).isEqualTo(1);
  }

  @Test
  void whileNobodyKnowsStreamsGoOnForALittle() {
    boolean[] away = {true};
    RecordingSink stream =
        stream(
            () -> {
              if (away[0]) {
                throw new IllegalStateException("PostgreSQL is away");
              }
              return Optional.empty();
            });
    rechecks.lookAtEach();
    clock.advance(Duration.ofSeconds(29));
    rechecks.lookAtEach();
    assertThat(stream.end().isOk()).isTrue();
    away[0] = false;
    rechecks.lookAtEach();
    away[0] = true;
    clock.advance(Duration.ofSeconds(29));
    rechecks.lookAtEach();
    clock.advance(Duration.ofSeconds(29));
    rechecks.lookAtEach();
    assertThat(stream.end().isOk()).isTrue();
    clock.advance(Duration.ofSeconds(1));
    rechecks.lookAtEach();
    assertThat(stream.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }
}
