package dev.tidewatch.control.alert;

import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer of one question. Asked seldom, it is found out each time. Asked often (more than
 * {@link #BURST} times at once, or {@link #PER_SECOND} a second), it is found out twice a second,
 * by a thread that nobody waits for, and all are given what was found last. Only then is an answer
 * kept. Thread-safe.
 */
final class SharedAnswer<T extends MessageLite> {
  /** An answer that is given was asked for not longer ago. */
  static final Duration LONGEST = Duration.ofSeconds(1);

  static final int BURST = 8;
  static final int PER_SECOND = 4;

  /** A larger answer is not kept. */
  static final int MOST_BYTES = 256 << 10;

  private static final long RENEWED_NANOS = LONGEST.toNanos() / 2;
  private static final ThreadPoolExecutor RENEWALS = renewals();

  private record Held<T>(T answer, long askedNanos) {}

  private final LongSupplier nanos;
  private double questions;
  private long countedNanos;
  private @Nullable Held<T> held;
  private @Nullable CompletableFuture<T> running;

  /**
   * @param nanos a clock such as {@link System#nanoTime}
   */
  SharedAnswer(LongSupplier nanos) {
    this.nanos = nanos;
    this.countedNanos = nanos.getAsLong();
  }

  /**
   * @param query finds the answer out; what it throws is thrown to all who wait for it
   */
  T get(Supplier<T> query) {
    CompletableFuture<T> own = new CompletableFuture<>();
    CompletableFuture<T> shared;
    synchronized (this) {
      long now = nanos.getAsLong();
      if (!often(now)) {
        shared = null;
      } else {
        Held<T> last = held;
        boolean usable = last != null && now - last.askedNanos <= LONGEST.toNanos();
        if (last != null && usable) {
          if (now - last.askedNanos > RENEWED_NANOS && running == null) {
            renew(query);
          }
          return last.answer;
        }
        if (running == null) {
          running = own;
        }
        shared = running;
      }
    }
    return shared == null ? found(query) : shared == own ? find(own, query) : join(shared);
  }

  synchronized boolean isKept() {
    return held != null;
  }

  /** A bucket that leaks: while it is full, the question is asked often. */
  private boolean often(long now) {
    questions = Math.max(0, questions - (now - countedNanos) / 1e9 * PER_SECOND);
    countedNanos = now;
    boolean full = questions >= BURST;
    questions = Math.min(BURST + PER_SECOND, questions + 1);
    return full;
  }

  private void renew(Supplier<T> query) {
    CompletableFuture<T> renewed = new CompletableFuture<>();
    running = renewed;
    try {
      RENEWALS.execute(
          () -> {
            try {
              var unused = find(renewed, query);
            } catch (RuntimeException failure) {
              // Whoever waits was told by find; the last answer grows old meanwhile.
            }
          });
    } catch (RejectedExecutionException busy) {
      running = null;
    }
  }

  /** As {@link #found}, for all who wait for {@code own}. */
  private T find(CompletableFuture<T> own, Supplier<T> query) {
    try {
      T answer = found(query);
      own.complete(answer);
      return answer;
    } catch (RuntimeException | Error failure) {
      own.completeExceptionally(failure);
      throw failure;
    } finally {
      synchronized (this) {
        running = null;
      }
    }
  }

  private T found(Supplier<T> query) {
    long asked = nanos.getAsLong();
    T answer = query.get();
    synchronized (this) {
      boolean newer = held == null || held.askedNanos - asked <= 0;
      if (newer) {
        // What is asked seldom is not given to anybody else.
        boolean kept = questions >= BURST && answer.getSerializedSize() <= MOST_BYTES;
        held = kept ? new Held<>(answer, asked) : null;
      }
    }
    return answer;
  }

  private static <T> T join(CompletableFuture<T> shared) {
    try {
      return shared.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof Error error) {
        throw error;
      }
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  private static ThreadPoolExecutor renewals() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            2,
            2,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(100),
            task -> {
              Thread thread = new Thread(task, "shared-answers");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
