package dev.tidewatch.control.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.control.v1.ListAlertsResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SharedAnswerTest {
  private final AtomicLong clock = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private final SharedAnswer<ListAlertsResponse> answer = new SharedAnswer<>(clock::get);
  private final Supplier<ListAlertsResponse> query =
      () -> ListAlertsResponse.newBuilder().setTotal(asked.incrementAndGet()).build();

  private long ask() {
    return answer.get(query).getTotal();
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private void askOften() {
    for (int n = 1; n <= SharedAnswer.BURST; n++) {
      assertThat(ask()).isEqualTo(n);
    }
  }

  @Test
  void whatIsAskedSeldomIsFoundOutEachTime() {
    for (int n = 1; n <= 100; n++) {
      assertThat(ask()).isEqualTo(n);
      pass(Duration.ofMillis(1000 / SharedAnswer.PER_SECOND));
    }
  }

  @Test
  void whatIsAskedOftenIsAnsweredAsItWasFoundLast() {
    askOften();
    assertThat(ask()).isEqualTo(SharedAnswer.BURST);
    assertThat(ask()).isEqualTo(SharedAnswer.BURST);
    pass(Duration.ofMillis(100));
    assertThat(ask()).isEqualTo(SharedAnswer.BURST);
    assertThat(asked).hasValue(SharedAnswer.BURST);
  }

  @Test
  void isFoundOutAgainWhileTheLastIsGiven() {
    askOften();
    assertThat(ask()).isEqualTo(SharedAnswer.BURST);
    for (int i = 0; i < 6; i++) {
      pass(Duration.ofMillis(100));
      assertThat(ask()).isEqualTo(SharedAnswer.BURST);
    }
    // More than half a second has gone by: somebody has asked for all, and nobody waited.
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(asked).hasValueGreaterThan(SharedAnswer.BURST));
  }

  @Test
  void isNeverOlderThanASecond() {
    askOften();
    pass(SharedAnswer.LONGEST.plusMillis(1));
    assertThat(ask()).isEqualTo(SharedAnswer.BURST + 1);
  }

  @Test
  void manyWaitForOne() throws Exception {
    SharedAnswer<ListAlertsResponse> slow = new SharedAnswer<>(clock::get);
    for (int n = 0; n < SharedAnswer.BURST; n++) {
      assertThatThrownBy(() -> slow.get(SharedAnswerTest::away)).hasMessage("away");
    }
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    List<CompletableFuture<ListAlertsResponse>> callers = new ArrayList<>();
    Supplier<ListAlertsResponse> held =
        () -> {
          begun.countDown();
          join(go);
          return query.get();
        };
    callers.add(
        CompletableFuture.supplyAsync(() -> slow.get(held), task -> new Thread(task).start()));
    begun.await();
    for (int n = 0; n < 4; n++) {
      callers.add(
          CompletableFuture.supplyAsync(() -> slow.get(held), task -> new Thread(task).start()));
    }
    go.countDown();
    for (CompletableFuture<ListAlertsResponse> caller : callers) {
      assertThat(caller.get().getTotal()).isEqualTo(1);
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void aFailureIsToldAndNotKept() {
    for (int n = 0; n <= SharedAnswer.BURST; n++) {
      assertThatThrownBy(() -> answer.get(SharedAnswerTest::away)).hasMessage("away");
    }
    assertThat(ask()).isEqualTo(1);
  }

  @Test
  void whatIsAskedSeldomIsNotKept() {
    for (int n = 1; n < SharedAnswer.BURST; n++) {
      assertThat(ask()).isEqualTo(n);
      assertThat(answer.isKept()).isFalse();
    }
    assertThat(ask()).isEqualTo(SharedAnswer.BURST);
    assertThat(answer.isKept()).isTrue();
    pass(Duration.ofMinutes(1));
    assertThat(ask()).isEqualTo(SharedAnswer.BURST + 1);
    assertThat(answer.isKept()).isFalse();
  }

  @Test
  void anErrorFreesAllWhoWait() throws Exception {
    SharedAnswer<ListAlertsResponse> failing = new SharedAnswer<>(clock::get);
    for (int n = 0; n < SharedAnswer.BURST; n++) {
      assertThatThrownBy(() -> failing.get(SharedAnswerTest::away)).hasMessage("away");
    }
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    List<Throwable> told = Collections.synchronizedList(new ArrayList<>());
    for (int n = 0; n < 4; n++) {
      Thread caller =
          new Thread(
              () -> {
                try {
                  var unused =
                      failing.get(
                          () -> {
                            begun.countDown();
                            join(go);
                            throw new StackOverflowError("deep");
                          });
                } catch (StackOverflowError error) {
                  told.add(error);
                }
              });
      caller.start();
      threads.add(caller);
      begun.await();
    }
    go.countDown();
    for (Thread thread : threads) {
      thread.join(Duration.ofMinutes(5).toMillis());
    }
    assertThat(told).hasSize(4);
    assertThat(failing.get(query).getTotal()).isEqualTo(1);
  }

  @Test
  void whatIsLargeIsNotKept() {
    ListAlertsResponse large =
        ListAlertsResponse.newBuilder()
            .setNextPageToken("x".repeat(SharedAnswer.MOST_BYTES))
            .build();
    for (int n = 0; n < 2 * SharedAnswer.BURST; n++) {
      assertThat(
              answer.get(
                  () -> {
                    asked.incrementAndGet();
                    return large;
                  }))
          .isSameAs(large);
    }
    assertThat(asked).hasValue(2 * SharedAnswer.BURST);
  }

  private static ListAlertsResponse away() {
    throw new IllegalStateException("away");
  }

  private static void join(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
