package dev.tidewatch.agent.spool;

/**
 * When written records are forced to the disk. It matters for a power cut only: what was written
 * survives the death of the process under each of them.
 */
public enum FsyncPolicy {
  /** After every append. */
  ALWAYS,
  /** At most {@link SpoolOptions#fsyncInterval} after an append. */
  INTERVAL,
  /** When the operating system likes. */
  NEVER
}
