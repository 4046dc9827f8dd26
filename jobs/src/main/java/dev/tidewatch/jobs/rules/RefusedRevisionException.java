package dev.tidewatch.jobs.rules;

/** A revision that does not compile, in one line; the one that runs stays. */
final class RefusedRevisionException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedRevisionException(String message) {
    super(message);
  }
}
