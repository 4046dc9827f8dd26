package dev.tidewatch.agent.config;

/**
 * One key of the configuration.
 *
 * @param kind how a value is written
 * @param fallback what holds when the file does not say
 * @param description one sentence
 */
public record Setting(String key, Kind kind, String fallback, String description) {
  /** How values are written. */
  public enum Kind {
    TEXT("text"),
    FLAG("on or off"),
    COUNT("a whole number"),
    SIZE("bytes, also 64KiB, 16MiB, 1GiB"),
    DURATION("500ms, 30s, 5m, 12h, 7d; 0 is none"),
    LIST("values between commas"),
    CHOICE("one of a few words");

    private final String format;

    Kind(String format) {
      this.format = format;
    }

    public String format() {
      return format;
    }
  }
}
