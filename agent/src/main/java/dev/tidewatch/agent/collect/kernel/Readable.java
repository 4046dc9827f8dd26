package dev.tidewatch.agent.collect.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A descriptor that the kernel writes messages to, and one buffer for them. One thread reads; any
 * may close.
 */
abstract class Readable implements AutoCloseable {
  /** The kernel had to throw messages away. */
  public static final int OVERRUN = -1;

  private static final short POLLIN = 1;

  private final String what;
  private final int descriptor;
  private final Memory memory;
  private final ByteBuffer buffer;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean closed;

  Readable(String what, int descriptor, int bufferBytes) {
    this.what = what;
    this.descriptor = descriptor;
    this.memory = new Memory(bufferBytes);
    this.buffer = memory.getByteBuffer(0, bufferBytes).order(ByteOrder.nativeOrder());
  }

  /**
   * Waits for the next messages, which then lie in {@link #buffer()}.
   *
   * @param timeoutMillis how long to wait; 0: not at all
   * @return their bytes; 0: there were none; {@link #OVERRUN}
   */
  public int receive(int timeoutMillis) throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException(what + " is closed");
      }
      int ready = LibC.poll(pollIn(), 1, timeoutMillis);
      return ready == 0 ? 0 : (int) read(memory);
    } catch (LastErrorException e) {
      return switch (e.getErrorCode()) {
        case LibC.EAGAIN, LibC.EINTR -> 0;
        case LibC.ENOBUFS -> OVERRUN;
        default -> throw new IOException(what + " failed: " + e.getMessage(), e);
      };
    } finally {
      lock.unlock();
    }
  }

  private byte[] pollIn() {
    ByteBuffer poll = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    return poll.putInt(descriptor).putShort(POLLIN).array();
  }

  abstract long read(Memory into);

  final int descriptor() {
    return descriptor;
  }

  /** Messages from position 0 on, in the machine's byte order; overwritten by the next receive. */
  public ByteBuffer buffer() {
    return buffer;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        int unused = LibC.close(descriptor);
        memory.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
