package dev.tidewatch.pattern.plan;

/** Where the next match of a key may begin. */
public enum AfterMatch {
  /** After the last event of the match. */
  SKIP_PAST_LAST("skip-past-last"),
  /** At an event after the first one of the match. */
  SKIP_TO_NEXT("skip-to-next"),
  /** Anywhere. */
  NO_SKIP("no-skip");

  private final String text;

  AfterMatch(String text) {
    this.text = text;
  }

  /** As rules write it. */
  public String text() {
    return text;
  }
}
