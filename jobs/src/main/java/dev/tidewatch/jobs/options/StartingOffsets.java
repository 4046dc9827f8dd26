package dev.tidewatch.jobs.options;

/** Where reading begins in a partition that no checkpoint knows. */
public enum StartingOffsets {
  /** Where the consumer group left off; the earliest record where it never was. */
  COMMITTED,
  /** The earliest record there is. */
  EARLIEST,
  /** Only records that arrive from now on. */
  LATEST
}
