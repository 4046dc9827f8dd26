package dev.tidewatch.pattern.parse;

import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.pattern.plan.AfterMatch;
import dev.tidewatch.pattern.plan.CadencePlan;
import dev.tidewatch.pattern.plan.Comparison;
import dev.tidewatch.pattern.plan.Contiguity;
import dev.tidewatch.pattern.plan.Operand.Which;
import dev.tidewatch.pattern.plan.Times;
import dev.tidewatch.sigma.parse.ParsedDocument;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code pattern} section as written: references are names still.
 *
 * @param steps empty when it is a cadence
 * @param aliases by alias, then by rule or step name, the field's name there
 */
public record PatternTree(
    Place place,
    List<Scalar> by,
    Map<String, Map<Scalar, String>> aliases,
    Optional<Duration> within,
    List<Step> steps,
    Optional<Body> until,
    Optional<Body> scope,
    AfterMatch afterMatch,
    Optional<Cadence> cadence) {
  public PatternTree {
    by = List.copyOf(by);
    aliases = new LinkedHashMap<>(aliases);
    steps = List.copyOf(steps);
  }

  /** A step, {@code not} included. */
  public record Step(
      String name,
      Place place,
      boolean negative,
      Body body,
      Times times,
      Place timesPlace,
      boolean reluctant,
      Contiguity contiguity,
      Optional<Duration> within,
      Place withinPlace,
      List<Where> where) {
    public Step {
      where = List.copyOf(where);
    }
  }

  /** What an event must fit. */
  public sealed interface Body {
    /** A rule of the set, by id or name. */
    record Reference(Scalar name) implements Body {}

    /** A detection written here. */
    record Inline(String name, Place place, ParsedDocument.Rule rule) implements Body {}

    /** One of several. */
    record Any(List<Body> bodies) implements Body {
      public Any {
        bodies = List.copyOf(bodies);
      }
    }

    /** Each of several once, in any order. */
    record All(Place place, List<Body> bodies) implements Body {
      public All {
        bodies = List.copyOf(bodies);
      }
    }
  }

  /** A comparison. */
  public record Where(
      String text, Place place, Side left, Comparison.Operator operator, Side right) {}

  /** A side of a comparison. */
  public sealed interface Side {
    /** Text or number. */
    record Literal(String text) implements Side {}

    /** A field of the step's own event. */
    record Own(String field) implements Side {}

    /** A field of a step's events. */
    record OfStep(String step, Which which, String field) implements Side {}

    /** How many events a step has. */
    record Count(String step) implements Side {}
  }

  /** Regular intervals; all bounds are read and sound. */
  public record Cadence(Body body, CadencePlan plan) {}
}
