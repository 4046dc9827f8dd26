package dev.tidewatch.jobs.sink;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BatchQueueTest {
  private final AtomicLong nanos = new AtomicLong();

  private BatchQueue<String> queue(int rows, long bytes, Duration interval, int inFlight) {
    Batching batching =
        new Batching(rows, bytes, interval, inFlight, Duration.ofMillis(1), Duration.ofMillis(1));
    return new BatchQueue<>(batching, nanos::get);
  }

  @Test
  void aBatchIsFullByRows() throws Exception {
    BatchQueue<String> queue = queue(2, 1_000, Duration.ofHours(1), 2);
    queue.add("a", 1);
    queue.add("b", 1);
    queue.add("c", 1);

    assertThat(queue.take()).containsExactly("a", "b");
    assertThat(queue.rowsInFlight()).isEqualTo(3);
  }

  @Test
  void aBatchIsFullByBytes() throws Exception {
    BatchQueue<String> queue = queue(100, 10, Duration.ofHours(1), 2);
    queue.add("large", 10);
    queue.add("small", 1);

    assertThat(queue.take()).containsExactly("large");
  }

  @Test
  void anOldBatchGoesThoughItIsNotFull() throws Exception {
    BatchQueue<String> queue = queue(100, 1_000, Duration.ofMillis(50), 1);
    queue.add("a", 1);
    nanos.addAndGet(Duration.ofMillis(50).toNanos());

    assertThat(queue.take()).containsExactly("a");
  }

  @Test
  void whoTakesWaitsForRows() throws Exception {
    BatchQueue<String> queue = queue(1, 1_000, Duration.ofHours(1), 1);
    CompletableFuture<List<String>> taken = new CompletableFuture<>();
    Thread taker = start(() -> taken.complete(queue.take()));
    awaitWaiting(taker);

    queue.add("a", 1);

    assertThat(taken.get(30, SECONDS)).containsExactly("a");
  }

  @Test
  void whoAddsWaitsWhenTooMuchIsOnItsWay() throws Exception {
    BatchQueue<String> queue = queue(1, 1_000, Duration.ofHours(1), 1);
    queue.add("waits", 1);
    queue.add("fills", 1);
    CompletableFuture<Boolean> added = new CompletableFuture<>();
    Thread adder =
        start(
            () -> {
              queue.add("too much", 1);
              added.complete(true);
            });
    awaitWaiting(adder);
    assertThat(added).isNotDone();

    assertThat(queue.take()).containsExactly("waits");

    assertThat(added.get(30, SECONDS)).isTrue();
  }

  @Test
  void flushWaitsUntilEverythingIsDelivered() throws Exception {
    BatchQueue<String> queue = queue(100, 1_000, Duration.ofHours(1), 1);
    queue.add("a", 1);
    CompletableFuture<Boolean> flushed = new CompletableFuture<>();
    Thread flusher =
        start(
            () -> {
              queue.awaitDelivered();
              flushed.complete(true);
            });
    awaitWaiting(flusher);

    assertThat(queue.take()).containsExactly("a");
    assertThat(flushed).isNotDone();
    queue.delivered();

    assertThat(flushed.get(30, SECONDS)).isTrue();
    assertThat(queue.rowsInFlight()).isZero();
  }

  @Test
  void flushOfNothingReturns() throws Exception {
    BatchQueue<String> queue = queue(1, 1, Duration.ofHours(1), 1);

    queue.awaitDelivered();

    assertThat(queue.rowsInFlight()).isZero();
  }

  @Test
  void aFailureReachesWhoAddsAndWhoFlushes() {
    BatchQueue<String> queue = queue(10, 1_000, Duration.ofHours(1), 1);
    queue.fail(new OutOfMemoryError("heap"));

    assertThatThrownBy(() -> queue.add("a", 1)).isInstanceOf(IOException.class);
    assertThatThrownBy(queue::awaitDelivered).hasRootCauseMessage("heap");
  }

  @Test
  void closingEndsWhoTakes() throws Exception {
    BatchQueue<String> queue = queue(10, 1_000, Duration.ofHours(1), 1);
    queue.add("a", 1);
    queue.close();

    assertThat(queue.take()).isNull();
    assertThatThrownBy(() -> queue.add("b", 1)).hasMessage("the sink is closed");
  }

  private interface Step {
    void run() throws Exception;
  }

  private static Thread start(Step step) {
    Thread thread =
        new Thread(
            () -> {
              try {
                step.run();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void awaitWaiting(Thread thread) {
    Awaitility.await()
        .until(
            () ->
                thread.getState() == Thread.State.WAITING
                    || thread.getState() == Thread.State.TIMED_WAITING);
  }
}
