package dev.tidewatch.agent.spool;

import java.time.Duration;

/**
 * Bounds and habits of a spool.
 *
 * @param maxBytes of all segments together
 * @param segmentBytes a new segment is begun at this size; at most a quarter of {@code maxBytes},
 *     so that dropping the oldest never drops everything
 * @param maxRecordBytes of one record
 * @param maxAge records older than this are dropped and counted; zero: none are
 * @param whenFull what a new record does at the bound
 * @param fsync when records are forced to the disk
 * @param fsyncInterval for {@link FsyncPolicy#INTERVAL}
 */
public record SpoolOptions(
    long maxBytes,
    long segmentBytes,
    int maxRecordBytes,
    Duration maxAge,
    FullPolicy whenFull,
    FsyncPolicy fsync,
    Duration fsyncInterval) {
  public static final SpoolOptions DEFAULT =
      new SpoolOptions(
          256L << 20,
          4L << 20,
          1 << 20,
          Duration.ZERO,
          FullPolicy.BLOCK,
          FsyncPolicy.INTERVAL,
          Duration.ofSeconds(1));

  public SpoolOptions {
    if (segmentBytes < 1024 || maxBytes < 4 * segmentBytes) {
      throw new IllegalArgumentException(
          "a segment has at least 1024 bytes and at most a quarter of the spool, not "
              + segmentBytes
              + " of "
              + maxBytes);
    }
    if (maxRecordBytes < 1 || maxRecordBytes + Segment.OVERHEAD > segmentBytes) {
      throw new IllegalArgumentException(
          "a record of " + maxRecordBytes + " bytes does not fit a segment of " + segmentBytes);
    }
    if (maxAge.isNegative() || fsyncInterval.isNegative()) {
      throw new IllegalArgumentException("durations of the spool must not be negative");
    }
  }

  public SpoolOptions withWhenFull(FullPolicy policy) {
    return new SpoolOptions(
        maxBytes, segmentBytes, maxRecordBytes, maxAge, policy, fsync, fsyncInterval);
  }

  public SpoolOptions withMaxAge(Duration age) {
    return new SpoolOptions(
        maxBytes, segmentBytes, maxRecordBytes, age, whenFull, fsync, fsyncInterval);
  }

  public SpoolOptions withFsync(FsyncPolicy policy) {
    return new SpoolOptions(
        maxBytes, segmentBytes, maxRecordBytes, maxAge, whenFull, policy, fsyncInterval);
  }

  public SpoolOptions withSizes(long bytes, long segment, int record) {
    return new SpoolOptions(bytes, segment, record, maxAge, whenFull, fsync, fsyncInterval);
  }
}
