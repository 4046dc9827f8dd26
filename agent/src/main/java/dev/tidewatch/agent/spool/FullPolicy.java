package dev.tidewatch.agent.spool;

/** What happens to a new event when the spool, or the disk under it, is full. */
public enum FullPolicy {
  /** The collector waits until the gateway has taken something. */
  BLOCK,
  /** The oldest segment is deleted and its unsent records are counted as dropped. */
  DROP_OLDEST
}
