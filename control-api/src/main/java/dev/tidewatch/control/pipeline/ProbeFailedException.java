package dev.tidewatch.control.pipeline;

import org.jspecify.annotations.Nullable;

/** A part of the pipeline did not answer. The message is for operators, without internals. */
final class ProbeFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  ProbeFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
