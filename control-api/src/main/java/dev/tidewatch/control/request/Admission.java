package dev.tidewatch.control.request;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How many read the store at once. A few do, a few more wait for their turn, in the order they
 * came, and whoever could not be answered in time is told so at once and asked to come back:
 * RESOURCE_EXHAUSTED with {@code google.rpc.RetryInfo}, 429 with {@code Retry-After}. Without it
 * all would share the machine until none of them was in time. Thread-safe.
 */
public final class Admission {
  /**
   * @param atOnce readings under way
   * @param waiting readings that wait for these; each holds a thread
   * @param longestWait of a reading; shorter where its caller's deadline is
   */
  public record Limits(int atOnce, int waiting, Duration longestWait) {
    /** Two readings for each processor and four at least, 32 that wait, two seconds at most. */
    public static Limits defaults() {
      int processors = Runtime.getRuntime().availableProcessors();
      return new Limits(Math.max(4, 2 * processors), 32, Duration.ofSeconds(2));
    }
  }

  /** A reading's share in what is taken for typical. */
  private static final int SMOOTHING = 8;

  private final Limits limits;
  private final LongSupplier nanos;
  private final LongSupplier leftNanos;
  private final Semaphore turns;
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong typicalNanos = new AtomicLong();

  public Admission(Limits limits) {
    this(limits, System::nanoTime, RequestDeadline::leftNanos);
  }

  /**
   * @param nanos a clock such as {@link System#nanoTime}
   * @param leftNanos until the caller's deadline
   */
  Admission(Limits limits, LongSupplier nanos, LongSupplier leftNanos) {
    this.limits = limits;
    this.nanos = nanos;
    this.leftNanos = leftNanos;
    this.turns = new Semaphore(limits.atOnce, true);
  }

  /**
   * Reads when it is this caller's turn.
   *
   * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when that would be too late
   */
  public <T> T read(Supplier<T> reading) {
    int ahead = inside.getAndIncrement();
    try {
      enter(ahead);
      long begun = nanos.getAsLong();
      try {
        return reading.get();
      } finally {
        long took = nanos.getAsLong() - begun;
        typicalNanos.updateAndGet(
            typical -> typical == 0 ? took : typical + (took - typical) / SMOOTHING);
        turns.release();
      }
    } finally {
      inside.decrementAndGet();
    }
  }

  /**
   * @param ahead readings that came before and have not ended
   */
  private void enter(int ahead) {
    long most = Math.min(limits.longestWait.toNanos(), leftNanos.getAsLong());
    long queued = Math.max(0, ahead + 1L - limits.atOnce);
    boolean late = queued > 0 && queued * typicalNanos.get() / limits.atOnce > most;
    if (queued > limits.waiting || late || most <= 0 || !turnWithin(most)) {
      refused.incrementAndGet();
      throw Failures.exhausted("the server has more to read than it can answer in time; try again");
    }
    if (leftNanos.getAsLong() <= 0) {
      turns.release();
      refused.incrementAndGet();
      throw Failures.exhausted("the deadline passed while others were answered; try again");
    }
  }

  private boolean turnWithin(long most) {
    try {
      return turns.tryAcquire(most, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Readings under way or waiting. */
  public int inside() {
    return inside.get();
  }

  long refused() {
    return refused.get();
  }

  /**
   * Tells of itself, as {@code tidewatch.control.readings} and {@code .readings.refused}.
   *
   * @param kind of readings, a tag
   */
  public void bindTo(MeterRegistry metrics, String kind) {
    Gauge.builder("tidewatch.control.readings", this, Admission::inside)
        .description("readings of the store under way or waiting")
        .tag("kind", kind)
        .register(metrics);
    FunctionCounter.builder("tidewatch.control.readings.refused", this, Admission::refused)
        .description("readings that could not be answered in time")
        .tag("kind", kind)
        .register(metrics);
  }
}
