package dev.tidewatch.agent.batch;

import dev.tidewatch.agent.collect.EventSink;
import dev.tidewatch.agent.spool.Spool;
import dev.tidewatch.ingest.v1.AgentEvent;
import dev.tidewatch.ingest.v1.EventBlock;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gathers events and appends them to the spool as batches. A spool record is a serialised {@code
 * Batch} without a sequence number: that is the record's.
 *
 * <p>Whoever closes a batch writes it, holding the lock; so a full spool stops every collector, and
 * order is kept.
 */
public final class BatchWriter implements EventSink, AutoCloseable {
  private static final Logger LOG = System.getLogger(BatchWriter.class.getName());

  /** Tag and length of one event within a block; an estimate that is never too low. */
  private static final int EVENT_OVERHEAD = 6;

  private final Spool spool;
  private final BatchOptions options;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition begun = lock.newCondition();
  private final Thread lingerer;
  private EventBlock.Builder block = EventBlock.newBuilder();
  private int bytes;
  private long deadlineNanos;

  public BatchWriter(Spool spool, BatchOptions options) {
    this.spool = spool;
    this.options = options;
    this.lingerer = new Thread(this::linger, "batch-linger");
    this.lingerer.setDaemon(true);
    this.lingerer.start();
  }

  @Override
  public void add(AgentEvent event) throws IOException, InterruptedException {
    int size = event.getSerializedSize() + EVENT_OVERHEAD;
    lock.lockInterruptibly();
    try {
      if (bytes + size > options.maxBytes()) {
        write();
      }
      if (block.getEventsCount() == 0) {
        deadlineNanos = System.nanoTime() + options.linger().toNanos();
        begun.signal();
      }
      block.addEvents(event);
      bytes += size;
      if (block.getEventsCount() >= options.maxEvents()) {
        write();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void flush() throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      write();
    } finally {
      lock.unlock();
    }
  }

  /** On failure the batch stays, and is written with the next attempt. */
  private void write() throws IOException, InterruptedException {
    int count = block.getEventsCount();
    if (count > 0) {
      byte[] batch = BlockCodec.pack(block.build(), options.codec()).toByteArray();
      long unused = spool.append(batch, count);
      block = EventBlock.newBuilder();
      bytes = 0;
    }
  }

  private void linger() {
    try {
      while (!Thread.interrupted()) {
        lingerOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lingerOnce() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (block.getEventsCount() == 0) {
        begun.await();
      }
      long left = deadlineNanos - System.nanoTime();
      if (left > 0) {
        boolean unused = begun.await(left, TimeUnit.NANOSECONDS);
      } else {
        write();
      }
    } catch (IOException e) {
      LOG.log(Level.ERROR, "cannot write to the spool: {0}", e.getMessage());
      boolean unused = begun.await(1, TimeUnit.SECONDS);
    } finally {
      lock.unlock();
    }
  }

  /** Writes what is left, without waiting for room. */
  @Override
  public void close() throws IOException, InterruptedException {
    lingerer.interrupt();
    lingerer.join();
    flush();
  }
}
