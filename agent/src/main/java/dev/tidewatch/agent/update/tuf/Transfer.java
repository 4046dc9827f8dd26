package dev.tidewatch.agent.update.tuf;

import dev.tidewatch.agent.update.tuf.TufException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.LongSupplier;

/**
 * Takes a file from a mirror, with an end to its length and to its time.
 *
 * @param nanoTime for how long it takes
 * @param graceSeconds after which the least speed counts
 * @param leastBytesPerSecond slower than this, on the whole, is given up
 */
public record Transfer(LongSupplier nanoTime, long graceSeconds, long leastBytesPerSecond) {
  public static final Transfer DEFAULT = new Transfer(System::nanoTime, 30, 4 << 10);
  private static final int BUFFER = 16 << 10;
  private static final long NANOS = 1_000_000_000L;

  /**
   * @param name for problems
   * @param most bytes
   * @return how many bytes there were
   */
  public long copy(String name, InputStream from, OutputStream to, long most)
      throws IOException, TufException {
    long begun = nanoTime.getAsLong();
    long bytes = 0;
    byte[] buffer = new byte[BUFFER];
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      bytes += n;
      if (bytes > most) {
        throw new TufException(Reason.TOO_LARGE, name + " is longer than " + most + " bytes");
      }
      requireSpeed(name, bytes, nanoTime.getAsLong() - begun);
      to.write(buffer, 0, n);
    }
    return bytes;
  }

  private void requireSpeed(String name, long bytes, long nanos) throws TufException {
    if (bytes < (nanos / NANOS - graceSeconds) * leastBytesPerSecond) {
      throw new TufException(
          Reason.TOO_SLOW, name + " comes slower than " + leastBytesPerSecond + " bytes a second");
    }
  }
}
