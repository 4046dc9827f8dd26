package dev.tidewatch.conformance;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an engine says of one case. */
public enum Outcome {
  /** The rule compiles and fires. */
  MATCH,
  /** The rule compiles and does not fire. */
  NO_MATCH,
  /** The rule does not compile. */
  REJECTED,
  /** The engine could not answer; never expected. */
  ERROR;

  /** As the protocol writes it: {@code no-match}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Outcome> of(String key) {
    return Arrays.stream(values()).filter(outcome -> outcome.key().equals(key)).findFirst();
  }
}
