package dev.tidewatch.agent.update.tuf;

/** Metadata or a file that must not be trusted, or cannot be had. */
public final class TufException extends Exception {
  private static final long serialVersionUID = 1L;
  private final Reason reason;

  /** Which rule was broken. */
  public enum Reason {
    /** Not signed by enough of the keys that may. */
    SIGNATURE,
    /** Older than what was trusted before. */
    ROLLBACK,
    /** Past its expiry: somebody may be holding newer files back. */
    EXPIRED,
    /** Longer than its limit. */
    TOO_LARGE,
    /** Slower than the least speed. */
    TOO_SLOW,
    /** Not the version, length or hash that other metadata names. */
    MISMATCH,
    /** Not of the form the specification gives. */
    MALFORMED,
    /** The mirror does not have it. */
    MISSING
  }

  public TufException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
