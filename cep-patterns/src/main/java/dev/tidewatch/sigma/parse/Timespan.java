package dev.tidewatch.sigma.parse;

import static dev.tidewatch.diagnostic.DiagnosticCode.BAD_TIMESPAN;
import static dev.tidewatch.diagnostic.DiagnosticCode.WRONG_TYPE;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lengths of time as Sigma writes them: a number and one of {@code s m h d w}. Months and years
 * have no fixed length and are refused, {@code M} and {@code y} by name.
 */
public final class Timespan {
  /** Longer windows are a job for history, not for a stream's memory. */
  public static final Duration LONGEST = Duration.ofDays(366);

  private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9})\\s*([A-Za-z]*)");

  private Timespan() {}

  /**
   * Reads {@code node}, the value of {@code key}.
   *
   * @return empty when there was an error; it stands in {@code diagnostics} then
   */
  public static Optional<Duration> read(YamlNode node, String key, Diagnostics diagnostics) {
    if (!(node instanceof Scalar scalar) || scalar.isNull()) {
      diagnostics.add(
          WRONG_TYPE,
          node.place(),
          "'" + key + "' must be a length of time, not " + node.kindName(),
          "write " + key + ": 10m");
      return Optional.empty();
    }
    Optional<Duration> length = parse(scalar.text());
    if (length.isEmpty() || length.get().isZero() || length.get().compareTo(LONGEST) > 0) {
      diagnostics.add(
          BAD_TIMESPAN,
          scalar.place(),
          "'" + scalar.text() + "' is no length of time for '" + key + "'",
          remedy(scalar.text(), length));
      return Optional.empty();
    }
    return length;
  }

  /** {@code 90s}, {@code 10m}, {@code 2w}, ...; empty if the text is nothing of that kind. */
  public static Optional<Duration> parse(String text) {
    Matcher shape = SHAPE.matcher(text.strip());
    if (!shape.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(shape.group(1));
    return switch (shape.group(2)) {
      case "s" -> Optional.of(Duration.ofSeconds(number));
      case "m" -> Optional.of(Duration.ofMinutes(number));
      case "h" -> Optional.of(Duration.ofHours(number));
      case "d" -> Optional.of(Duration.ofDays(number));
      case "w" -> Optional.of(Duration.ofDays(Math.multiplyExact(number, 7L)));
      default -> Optional.empty();
    };
  }

  private static String remedy(String text, Optional<Duration> length) {
    if (length.isPresent()) {
      return "more than nothing, and at most " + LONGEST.toDays() + "d";
    }
    Matcher shape = SHAPE.matcher(text.strip());
    String unit = shape.matches() ? shape.group(2) : "";
    return switch (unit) {
      case "M" -> "m are minutes; months have no fixed length: write days, 30d";
      case "y", "Y" -> "years have no fixed length: write days, 365d";
      case "S", "H", "D", "W" ->
          "units are lower case: " + shape.group(1) + unit.toLowerCase(Locale.ROOT);
      default -> "a whole number and s, m, h, d or w: 90s, 10m, 24h, 7d, 2w";
    };
  }
}
