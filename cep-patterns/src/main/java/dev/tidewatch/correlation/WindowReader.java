package dev.tidewatch.correlation;

import static dev.tidewatch.diagnostic.DiagnosticCode.BAD_TIMESPAN;
import static dev.tidewatch.diagnostic.DiagnosticCode.CORRELATION_LIMIT;
import static dev.tidewatch.diagnostic.DiagnosticCode.MISPLACED_KEY;
import static dev.tidewatch.diagnostic.DiagnosticCode.WRONG_TYPE;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.sigma.parse.Timespan;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code window}, our addition to Sigma; without it windows slide. */
final class WindowReader {
  private static final List<String> KINDS = List.of("sliding", "tumbling", "session", "count");
  private static final String SHAPES =
      "sliding, tumbling, session: {gap: 10m} or count: {size: 100}";

  private final CorrelationType type;
  private final Duration timespan;
  private final Diagnostics diagnostics;

  WindowReader(CorrelationType type, Duration timespan, Diagnostics diagnostics) {
    this.type = type;
    this.timespan = timespan;
    this.diagnostics = diagnostics;
  }

  private long micros() {
    return timespan.toNanos() / 1_000;
  }

  /**
   * @return empty if it has an error
   */
  Optional<Windowing> read(Optional<Entry> window) {
    if (window.isEmpty()) {
      return Optional.of(new Windowing.Sliding(micros()));
    }
    Entry entry = window.get();
    if (entry.value() instanceof Scalar scalar) {
      if (scalar.text().equals("sliding")) {
        return Optional.of(new Windowing.Sliding(micros()));
      }
      if (scalar.text().equals("tumbling")) {
        return Optional.of(new Windowing.Tumbling(micros()));
      }
      return refuse(scalar);
    }
    if (entry.value() instanceof Mapping mapping && mapping.entries().size() == 1) {
      Entry kind = mapping.entries().get(0);
      if (kind.value() instanceof Mapping parameters) {
        Section section = new Section(parameters, kind.key().place(), diagnostics);
        switch (kind.key().text()) {
          case "session":
            return session(section);
          case "count":
            return count(section);
          default:
            break;
        }
      }
      return refuse(kind.key());
    }
    diagnostics.add(
        WRONG_TYPE,
        entry.value().place(),
        "'window' must be a kind of window, not " + entry.value().kindName(),
        SHAPES);
    return Optional.empty();
  }

  private Optional<Windowing> refuse(Scalar kind) {
    diagnostics.add(
        WRONG_TYPE,
        kind.place(),
        "'" + kind.text() + "' is not written as a kind of window",
        KINDS.contains(kind.text()) ? SHAPES : Suggestion.didYouMean(kind.text(), KINDS, SHAPES));
    return Optional.empty();
  }

  private Optional<Windowing> session(Section section) {
    section.allow(List.of("gap"));
    Optional<Entry> entry = section.required("gap", "session: {gap: 10m}");
    Optional<Duration> gap = entry.flatMap(e -> Timespan.read(e.value(), "gap", diagnostics));
    if (gap.isPresent() && gap.get().compareTo(timespan) > 0) {
      diagnostics.add(
          BAD_TIMESPAN,
          entry.map(e -> e.value().place()).orElse(section.place()),
          "the gap is longer than the timespan, which ends every session",
          "a gap shorter than the timespan");
      return Optional.empty();
    }
    return gap.map(length -> new Windowing.Session(micros(), length.toNanos() / 1_000));
  }

  private Optional<Windowing> count(Section section) {
    section.allow(List.of("size"));
    Optional<Entry> entry = section.required("size", "count: {size: 100}");
    if (!type.readsNumbers()) {
      diagnostics.add(
          MISPLACED_KEY,
          section.place(),
          type.text() + " cannot look at a number of matches",
          "count windows are for value_sum, value_avg and value_percentile");
      return Optional.empty();
    }
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    int most =
        type == CorrelationType.VALUE_PERCENTILE
            ? CorrelationPlan.MAX_SORTED
            : CorrelationPlan.MAX_NUMBERS;
    if (entry.get().value() instanceof Scalar scalar
        && scalar.text().matches("[1-9][0-9]{0,6}")
        && Integer.parseInt(scalar.text()) <= most) {
      return Optional.of(new Windowing.Count(micros(), Integer.parseInt(scalar.text())));
    }
    diagnostics.add(
        CORRELATION_LIMIT,
        entry.get().value().place(),
        "'size' must be a whole number from 1 to " + most,
        "count: {size: 100}");
    return Optional.empty();
  }
}
