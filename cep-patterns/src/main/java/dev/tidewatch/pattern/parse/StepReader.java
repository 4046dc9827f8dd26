package dev.tidewatch.pattern.parse;

import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.pattern.parse.PatternTree.Body;
import dev.tidewatch.pattern.parse.PatternTree.Step;
import dev.tidewatch.pattern.parse.PatternTree.Where;
import dev.tidewatch.pattern.plan.Contiguity;
import dev.tidewatch.pattern.plan.Times;
import dev.tidewatch.sigma.parse.Timespan;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlNode.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads {@code steps}: a list of maps with one key each, the step's name. */
final class StepReader {
  private static final String NOT = "not";
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,63}");
  private static final List<String> RESERVED = List.of(NOT, "any", "all", "until", "scope");
  private static final Pattern TIMES = Pattern.compile("([0-9]{1,6})(\\+|\\s*-\\s*([0-9]{1,6}))?");
  private static final List<String> OWN_KEYS =
      List.of("times", "reluctant", "contiguity", "within", "where");
  private static final List<String> KEYS =
      Stream.concat(BodyReader.KEYS.stream(), OWN_KEYS.stream()).toList();

  private final BodyReader bodies;
  private final Diagnostics diagnostics;
  private final Keys keys;

  StepReader(BodyReader bodies, Diagnostics diagnostics) {
    this.bodies = bodies;
    this.diagnostics = diagnostics;
    this.keys = new Keys(diagnostics);
  }

  List<Step> read(YamlNode node) {
    if (!(node instanceof Sequence sequence)) {
      keys.wrongType(node, "steps", "a list of steps");
      return List.of();
    }
    List<String> all =
        sequence.items().stream()
            .flatMap(i -> entry(i).stream())
            .map(e -> e.key().text())
            .filter(name -> !name.equals(NOT))
            .toList();
    List<Step> steps = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      Optional<Entry> entry = entry(item);
      if (entry.isEmpty()) {
        diagnostics.add(
            DiagnosticCode.STEP_NAME,
            item.place(),
            "a step is a map with one key, its name",
            "write - name: {rule: …}");
        continue;
      }
      checkName(entry.get().key(), names);
      if (!entry.get().key().text().equals(NOT)) {
        names.add(entry.get().key().text());
      }
      step(entry.get(), names, all).ifPresent(steps::add);
    }
    return steps;
  }

  private static Optional<Entry> entry(YamlNode item) {
    return item instanceof Mapping mapping && mapping.entries().size() == 1
        ? Optional.of(mapping.entries().get(0))
        : Optional.empty();
  }

  private void checkName(Scalar name, List<String> before) {
    String text = name.text();
    if (text.equals(NOT)) {
      return;
    }
    if (!NAME.matcher(text).matches() || RESERVED.contains(text)) {
      diagnostics.add(
          DiagnosticCode.STEP_NAME,
          name.place(),
          "'" + text + "' cannot be a step's name",
          "letters, digits, - and _, a letter first; not " + String.join(", ", RESERVED));
    } else if (before.contains(text)) {
      diagnostics.add(
          DiagnosticCode.STEP_NAME,
          name.place(),
          "two steps are named '" + text + "'",
          "give each a name of its own: where: refers to them");
    }
  }

  private Optional<Step> step(Entry entry, List<String> earlier, List<String> all) {
    String name = entry.key().text();
    boolean negative = name.equals(NOT);
    Optional<Body> body = bodies.read(entry.value(), name);
    if (!(entry.value() instanceof Mapping map)) {
      return body.map(
          b -> step(entry, b, new Mapping(List.of(), entry.value().place()), List.of()));
    }
    keys.refuseUnknown(map, KEYS, negative ? "a not" : "the step '" + name + "'");
    WhereReader reader = new WhereReader(earlier, all, diagnostics);
    List<Where> where =
        keys.scalars(map, "where").stream().flatMap(w -> reader.read(w).stream()).toList();
    return body.map(b -> step(entry, b, map, where));
  }

  private Step step(Entry entry, Body body, Mapping map, List<Where> where) {
    Optional<Duration> within =
        map.entry("within").flatMap(e -> Timespan.read(e.value(), "within", diagnostics));
    return new Step(
        entry.key().text(),
        entry.key().place(),
        entry.key().text().equals(NOT),
        body,
        keys.scalar(map, "times").flatMap(this::times).orElse(Times.ONCE),
        Keys.place(map, "times"),
        keys.flag(map, "reluctant"),
        keys.scalar(map, "contiguity").map(this::contiguity).orElse(Contiguity.FOLLOWED_BY),
        within,
        Keys.place(map, "within"),
        where);
  }

  private Optional<Times> times(Scalar scalar) {
    String text = scalar.text().strip();
    if (text.equals("optional")) {
      return Optional.of(new Times(0, 1));
    }
    Matcher shape = TIMES.matcher(text);
    if (shape.matches()) {
      int min = Integer.parseInt(shape.group(1));
      int max =
          shape.group(2) == null
              ? min
              : shape.group(3) == null ? Times.UNBOUNDED : Integer.parseInt(shape.group(3));
      if (min >= 1 && max >= min) {
        return Optional.of(new Times(min, max));
      }
    }
    diagnostics.add(
        DiagnosticCode.BAD_TIMES,
        scalar.place(),
        "'" + text + "' is no number of times",
        "write 3, 3+ or 1-5, from 1 on and upward, or optional");
    return Optional.empty();
  }

  private Contiguity contiguity(Scalar scalar) {
    for (Contiguity contiguity : Contiguity.values()) {
      if (contiguity.text().equals(scalar.text())) {
        return contiguity;
      }
    }
    List<String> known = Arrays.stream(Contiguity.values()).map(Contiguity::text).toList();
    diagnostics.add(
        DiagnosticCode.PATTERN_SYNTAX,
        scalar.place(),
        "unknown contiguity '" + scalar.text() + "'",
        Suggestion.didYouMean(scalar.text(), known, "one of " + String.join(", ", known)));
    return Contiguity.FOLLOWED_BY;
  }
}
