package dev.tidewatch.jobs.sink;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Rows between the task that adds them and the thread that delivers them: one open batch that
 * fills, a few full ones that wait, one that is being delivered. Adding waits when there are too
 * many, which is the pipeline's back-pressure. So encoding and network overlap with matching, and
 * memory is bounded by the sizes of {@code inFlight + 2} batches.
 */
final class BatchQueue<T> {
  private final Batching batching;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition roomToAdd = lock.newCondition();
  private final Condition workToDo = lock.newCondition();
  private final Condition allDelivered = lock.newCondition();

  private final ArrayDeque<List<T>> full = new ArrayDeque<>();
  private List<T> open = new ArrayList<>();
  private long openBytes;
  private long openSince;
  private int delivering;
  private boolean flushing;
  private boolean closed;
  private @Nullable Throwable failure;

  BatchQueue(Batching batching, LongSupplier nanoTime) {
    this.batching = batching;
    this.nanoTime = nanoTime;
  }

  /**
   * Adds a row; waits while too much is on its way.
   *
   * @throws IOException when delivery has failed for good
   */
  void add(T row, long bytes) throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (isOpenFull()) {
        requireUsable();
        if (full.size() < batching.inFlight()) {
          seal();
        } else {
          roomToAdd.await();
        }
      }
      requireUsable();
      if (open.isEmpty()) {
        openSince = nanoTime.getAsLong();
        workToDo.signal();
      }
      open.add(row);
      openBytes += bytes;
      if (isOpenFull() && full.size() < batching.inFlight()) {
        seal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything that was added is delivered. */
  void awaitDelivered() throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      flushing = true;
      workToDo.signal();
      while (!open.isEmpty() || !full.isEmpty() || delivering > 0) {
        requireUsable();
        allDelivered.await();
      }
      requireUsable();
    } finally {
      flushing = false;
      lock.unlock();
    }
  }

  /** The next batch that is full or old enough, to be {@link #delivered()}; null once closed. */
  @Nullable List<T> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed) {
        if (full.isEmpty() && !open.isEmpty() && (flushing || openNanosLeft() <= 0)) {
          seal();
        }
        List<T> batch = full.poll();
        if (batch != null) {
          delivering = batch.size();
          roomToAdd.signal();
          return batch;
        }
        awaitWork();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void awaitWork() throws InterruptedException {
    if (open.isEmpty()) {
      workToDo.await();
    } else {
      long left = workToDo.awaitNanos(openNanosLeft());
      assert left <= batching.interval().toNanos();
    }
  }

  /** The batch that was taken is done with. */
  void delivered() {
    lock.lock();
    try {
      delivering = 0;
      if (open.isEmpty() && full.isEmpty()) {
        allDelivered.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Delivery cannot go on; whoever adds or waits learns of it. */
  void fail(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
      wakeAll();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      wakeAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Rows that were added and are not delivered. */
  long rowsInFlight() {
    lock.lock();
    try {
      return open.size() + delivering + full.stream().mapToLong(List::size).sum();
    } finally {
      lock.unlock();
    }
  }

  private boolean isOpenFull() {
    return open.size() >= batching.rows() || openBytes >= batching.bytes();
  }

  private long openNanosLeft() {
    return batching.interval().toNanos() - (nanoTime.getAsLong() - openSince);
  }

  private void seal() {
    full.add(open);
    open = new ArrayList<>(Math.min(open.size(), batching.rows()));
    openBytes = 0;
    workToDo.signal();
  }

  private void wakeAll() {
    roomToAdd.signalAll();
    workToDo.signalAll();
    allDelivered.signalAll();
  }

  private void requireUsable() throws IOException {
    if (failure != null) {
      throw new IOException("delivery to ClickHouse failed", failure);
    }
    if (closed) {
      throw new IOException("the sink is closed");
    }
  }
}
