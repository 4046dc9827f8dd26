package dev.tidewatch.pattern.parse;

import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.pattern.parse.PatternTree.Body;
import dev.tidewatch.pattern.parse.PatternTree.Cadence;
import dev.tidewatch.pattern.plan.CadencePlan;
import dev.tidewatch.sigma.parse.Timespan;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads {@code cadence: {rule: …, at-least: 20, every: 10s-1h, jitter: 10%}}. */
final class CadenceReader {
  private static final int FEWEST = 4;
  private static final int MOST = 256;
  private static final int MOST_JITTER = 50;
  private static final List<String> KEYS =
      Stream.concat(BodyReader.KEYS.stream(), Stream.of("at-least", "every", "jitter")).toList();
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,2}(?:\\.[0-9])?)\\s*%");
  private static final Pattern EVERY =
      Pattern.compile("([0-9]+\\s*[a-z])(?:\\s*-\\s*([0-9]+\\s*[a-z]))?");

  private record Span(Duration from, Duration to) {}

  private final BodyReader bodies;
  private final Diagnostics diagnostics;
  private final Keys keys;

  CadenceReader(BodyReader bodies, Diagnostics diagnostics) {
    this.bodies = bodies;
    this.diagnostics = diagnostics;
    this.keys = new Keys(diagnostics);
  }

  /**
   * @param within the pattern's: a longer silence begins anew
   */
  Optional<Cadence> read(Mapping map, Optional<Duration> within) {
    keys.refuseUnknown(map, KEYS, "a cadence");
    Optional<Body> body = bodies.read(map, "cadence").filter(this::mayBe);
    Optional<Integer> atLeast = required(map, "at-least", "20").flatMap(this::atLeast);
    Optional<Span> every = required(map, "every", "10s-1h").flatMap(this::every);
    Optional<Double> jitter = required(map, "jitter", "10%").flatMap(this::jitter);
    if (body.isEmpty() || atLeast.isEmpty() || every.isEmpty() || jitter.isEmpty()) {
      return Optional.empty();
    }
    Duration silence = within.orElse(every.get().to().multipliedBy(atLeast.get()));
    if (silence.compareTo(every.get().to()) < 0) {
      bad(Keys.place(map, "every"), "within is shorter than the longest interval", "widen within");
      return Optional.empty();
    }
    return Optional.of(
        new Cadence(
            body.get(),
            new CadencePlan(
                atLeast.get(),
                micros(every.get().from()),
                micros(every.get().to()),
                jitter.get(),
                micros(silence))));
  }

  private boolean mayBe(Body body) {
    if (body instanceof Body.All all) {
      bad(all.place(), "a cadence follows single events", "write rule:, or any: with a list");
      return false;
    }
    return true;
  }

  private Optional<Scalar> required(Mapping map, String key, String example) {
    if (!map.has(key)) {
      diagnostics.add(
          DiagnosticCode.MISSING_KEY,
          map.place(),
          "the cadence has no " + key,
          "add " + key + ": " + example);
    }
    return keys.scalar(map, key);
  }

  private Optional<Integer> atLeast(Scalar scalar) {
    String text = scalar.text();
    int number = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (number < FEWEST || number > MOST) {
      bad(
          scalar.place(),
          "'" + text + "' is no number of events for at-least",
          "from " + FEWEST + " (fewer say nothing about regularity) to " + MOST);
      return Optional.empty();
    }
    return Optional.of(number);
  }

  private Optional<Span> every(Scalar scalar) {
    Matcher shape = EVERY.matcher(scalar.text().strip());
    if (shape.matches()) {
      Optional<Duration> from = Timespan.parse(shape.group(1));
      Optional<Duration> to = shape.group(2) == null ? from : Timespan.parse(shape.group(2));
      if (from.isPresent()
          && to.isPresent()
          && !from.get().isZero()
          && from.get().compareTo(to.get()) <= 0
          && to.get().compareTo(Duration.ofDays(7)) <= 0) {
        return Optional.of(new Span(from.get(), to.get()));
      }
    }
    bad(
        scalar.place(),
        "'" + scalar.text() + "' is no range of intervals",
        "write the shortest and the longest, at most 7d: 10s-1h");
    return Optional.empty();
  }

  private Optional<Double> jitter(Scalar scalar) {
    Matcher shape = PERCENT.matcher(scalar.text().strip());
    if (shape.matches() && Double.parseDouble(shape.group(1)) <= MOST_JITTER) {
      return Optional.of(Double.parseDouble(shape.group(1)) / 100);
    }
    bad(
        scalar.place(),
        "'" + scalar.text() + "' is no jitter",
        "write a share of the interval, 0% to " + MOST_JITTER + "%");
    return Optional.empty();
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }

  private void bad(Place place, String message, String remedy) {
    diagnostics.add(DiagnosticCode.BAD_CADENCE, place, message, remedy);
  }
}
