package dev.tidewatch.control.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store whose readings take as long as the test likes. */
class AdmissionTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final AtomicLong clock = new AtomicLong();
  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
  private final CountDownLatch answered = new CountDownLatch(1);
  private final List<CompletableFuture<String>> callers = new ArrayList<>();
  private int inside;

  @AfterEach
  void answer() {
    answered.countDown();
  }

  private Admission admission(int atOnce, int waiting, Duration longestWait) {
    return new Admission(new Admission.Limits(atOnce, waiting, longestWait), clock::get, left::get);
  }

  /** Reads until the test answers, in a thread of its own that has begun to read or to wait. */
  private void ask(Admission admission) {
    callers.add(
        CompletableFuture.supplyAsync(
            () -> admission.read(this::slow), task -> new Thread(task).start()));
    inside++;
    await().atMost(LONG).until(() -> admission.inside() == inside);
  }

  private String slow() {
    try {
      assertThat(answered.await(5, TimeUnit.MINUTES)).isTrue();
      return "read";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertRefused(Admission admission) {
    assertThatThrownBy(() -> admission.read(() -> "read"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refusal -> {
              assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
              assertThat(StatusProto.fromThrowable(refusal).getDetails(0).is(RetryInfo.class))
                  .isTrue();
            });
  }

  @Test
  void whoFindsTheQueueFullIsRefusedAtOnceAndAllOthersAreAnswered() throws Exception {
    Admission admission = admission(2, 3, LONG);
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    admission.bindTo(metrics, "search");
    for (int n = 0; n < 5; n++) {
      ask(admission);
    }
    for (int n = 0; n < 10; n++) {
      assertRefused(admission);
    }
    assertThat(metrics.get("tidewatch.control.readings").gauge().value()).isEqualTo(5);
    assertThat(metrics.get("tidewatch.control.readings.refused").functionCounter().count())
        .isEqualTo(10);
    answered.countDown();
    for (CompletableFuture<String> caller : callers) {
      assertThat(caller.get(5, TimeUnit.MINUTES)).isEqualTo("read");
    }
    assertThat(admission.read(() -> "again")).isEqualTo("again");
    assertThat(admission.inside()).isZero();
  }

  @Test
  void whoseTurnDoesNotComeInTimeIsRefused() {
    Admission admission = admission(1, 3, Duration.ofMillis(10));
    ask(admission);
    assertRefused(admission);
    assertThat(admission.inside()).isEqualTo(1);
  }

  @Test
  void whoWouldWaitLongerThanItsDeadlineIsNotLetWait() {
    Admission admission = admission(1, 30, LONG);
    // A reading is known to take ten seconds.
    admission.read(() -> clock.addAndGet(Duration.ofSeconds(10).toNanos()));
    ask(admission);
    left.set(Duration.ofSeconds(9).toNanos());
    assertRefused(admission);
    left.set(0);
    assertRefused(admission);
    left.set(Duration.ofHours(1).toNanos());
    ask(admission);
    assertThat(admission.refused()).isEqualTo(2);
  }

  @Test
  void aReadingThatFailsGivesItsTurnBack() {
    Admission admission = admission(1, 0, LONG);
    for (int n = 0; n < 3; n++) {
      assertThatThrownBy(
              () ->
                  admission.read(
                      () -> {
                        throw new IllegalStateException("away");
                      }))
          .hasMessage("away");
    }
    assertThat(admission.read(() -> "read")).isEqualTo("read");
  }

  @Test
  void aDeadlineIsReadAsGrpcSendsIt() {
    assertThat(RequestDeadline.timeoutNanos("250m")).isEqualTo(250_000_000L);
    assertThat(RequestDeadline.timeoutNanos("2S")).isEqualTo(2_000_000_000L);
    assertThat(RequestDeadline.timeoutNanos("99999999H")).isEqualTo(Long.MAX_VALUE);
    for (String none : new String[] {null, "", "S", "-1S", "123456789S", "1x"}) {
      assertThat(RequestDeadline.timeoutNanos(none)).as("%s", none).isEqualTo(Long.MAX_VALUE);
    }
  }
}
