package dev.tidewatch.pattern.plan;

/** What may lie between a step and the one before. */
public enum Contiguity {
  /** Anything; the first event that fits is taken. */
  FOLLOWED_BY("followed-by"),
  /** No other event of the pattern's scope. */
  NEXT("next"),
  /** Anything; each event that fits is tried. */
  FOLLOWED_BY_ANY("followed-by-any");

  private final String text;

  Contiguity(String text) {
    this.text = text;
  }

  /** As rules write it. */
  public String text() {
    return text;
  }
}
