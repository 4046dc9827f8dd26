package dev.tidewatch.pattern.parse;

import static dev.tidewatch.diagnostic.DiagnosticCode.BAD_NOT;
import static dev.tidewatch.diagnostic.DiagnosticCode.IMPOSSIBLE_WITHIN;
import static dev.tidewatch.diagnostic.DiagnosticCode.MISSING_KEY;
import static dev.tidewatch.diagnostic.DiagnosticCode.OPTIONAL_ENDS;
import static dev.tidewatch.diagnostic.DiagnosticCode.PATTERN_COMBINATION;
import static dev.tidewatch.diagnostic.DiagnosticCode.PATTERN_LIMIT;
import static dev.tidewatch.diagnostic.DiagnosticCode.PATTERN_WITHOUT_EFFECT;
import static dev.tidewatch.diagnostic.DiagnosticCode.PATTERN_WITHOUT_KEY;
import static dev.tidewatch.diagnostic.DiagnosticCode.STATE_WITHOUT_END;
import static dev.tidewatch.diagnostic.DiagnosticCode.UNBOUNDED_TIMES;

import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.pattern.parse.PatternTree.Body;
import dev.tidewatch.pattern.parse.PatternTree.Step;
import dev.tidewatch.pattern.plan.Contiguity;
import dev.tidewatch.pattern.plan.Times;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import java.time.Duration;
import java.util.List;

/** Says which patterns cannot be meant, though each of their parts can be read. */
final class PatternChecks {
  private static final int MAX_STEPS = 32;
  private static final int MAX_TIMES = 1_000;
  private static final int MAX_CONJUNCTION = 6;
  private static final List<String> OF_STEPS = List.of("until", "scope", "after-match");

  private final PatternTree tree;
  private final Mapping pattern;
  private final Diagnostics diagnostics;
  private final List<Step> steps;

  PatternChecks(PatternTree tree, Mapping pattern, Diagnostics diagnostics) {
    this.tree = tree;
    this.pattern = pattern;
    this.diagnostics = diagnostics;
    this.steps = tree.steps();
  }

  void check() {
    if (tree.by().isEmpty()) {
      say(PATTERN_WITHOUT_KEY, tree.place(), "the pattern has no by", "add by: [Computer, …]");
    }
    if (tree.cadence().isPresent()) {
      cadence();
    } else if (steps.isEmpty()) {
      say(MISSING_KEY, tree.place(), "the pattern has no steps", "add steps: or cadence:");
    } else if (steps.size() > MAX_STEPS) {
      say(PATTERN_LIMIT, steps.get(MAX_STEPS).place(), "more than 32 steps", "split the pattern");
    } else {
      ends();
      whole();
      steps.forEach(this::step);
    }
  }

  private void cadence() {
    for (String key : OF_STEPS) {
      pattern
          .entry(key)
          .ifPresent(
              e ->
                  say(
                      PATTERN_COMBINATION,
                      e.key().place(),
                      "'" + key + "' beside cadence",
                      "it belongs to patterns with steps"));
    }
    if (pattern.has("steps")) {
      say(
          PATTERN_COMBINATION,
          tree.place(),
          "the pattern has both steps and cadence",
          "write two patterns, and a third with the steps that refer to them");
    }
  }

  private void ends() {
    Step first = steps.get(0);
    Step last = steps.get(steps.size() - 1);
    if (first.negative()) {
      say(
          BAD_NOT,
          first.place(),
          "a pattern cannot begin with not: nothing is open yet",
          "begin with the step after which it must be missing");
      return;
    }
    List<Step> positive = steps.stream().filter(s -> !s.negative()).toList();
    for (Step step : List.of(first, positive.get(positive.size() - 1))) {
      if (step.times().isOptional()) {
        say(
            OPTIONAL_ENDS,
            step.timesPlace(),
            "the pattern "
                + (step == first ? "begins" : "ends")
                + " with the optional step '"
                + step.name()
                + "'",
            "leave the step out: the pattern holds without it");
        return;
      }
    }
    if (last.negative() && tree.within().isEmpty() && last.within().isEmpty()) {
      say(
          IMPOSSIBLE_WITHIN,
          last.place(),
          "something that must not happen at last needs a time by which it has not",
          "add within: to the pattern or to this not");
    }
  }

  private void whole() {
    boolean waits = steps.size() > 1 || steps.get(0).times().max() > 1;
    if (tree.within().isEmpty() && waits) {
      for (Step step : steps) {
        if (step.times().max() == Times.UNBOUNDED) {
          say(
              UNBOUNDED_TIMES,
              step.timesPlace(),
              "'" + step.name() + "' may happen without end, and the pattern has no within",
              "add within: to the pattern");
          return;
        }
      }
      say(
          STATE_WITHOUT_END,
          tree.place(),
          "the pattern has no within: what is under way is never forgotten",
          "add within:, from the first to the last step");
    }
    boolean next = steps.stream().anyMatch(s -> s.contiguity() == Contiguity.NEXT);
    if (tree.scope().isPresent() && !next) {
      effectless(
          Keys.place(pattern, "scope"), "scope widens what breaks next, and no step is next");
    }
  }

  private void step(Step step) {
    int index = steps.indexOf(step);
    if (step.negative()) {
      negative(step, index);
      return;
    }
    if (step.times().min() > MAX_TIMES
        || step.times().max() > MAX_TIMES && step.times().max() != Times.UNBOUNDED) {
      say(
          PATTERN_LIMIT,
          step.timesPlace(),
          "more than " + MAX_TIMES + " times",
          "count with an event_count correlation and refer to it");
    }
    if (step.body() instanceof Body.All all) {
      conjunction(step, all);
    }
    if (step.reluctant() && step.times().max() == step.times().min()) {
      effectless(step.place(), "reluctant, and '" + step.name() + "' has a fixed number of times");
    }
    within(step, index);
  }

  private void negative(Step step, int index) {
    boolean last = index == steps.size() - 1;
    if (!step.times().isOnce() || step.reluctant() || step.contiguity() != Contiguity.FOLLOWED_BY) {
      say(BAD_NOT, step.place(), "not takes no times, reluctant or contiguity", "leave it out");
    }
    if (step.within().isPresent() && !last) {
      say(
          BAD_NOT,
          step.withinPlace(),
          "a not between two steps lasts from one to the other",
          "put within: on the step after it");
    }
    if (step.body() instanceof Body.All all) {
      say(BAD_NOT, all.place(), "not takes single events", "write rule:, or any: with a list");
    }
    if (index > 0 && steps.get(index - 1).times().isOptional()) {
      say(
          PATTERN_COMBINATION,
          step.place(),
          "not follows the optional step '" + steps.get(index - 1).name() + "'",
          "write two patterns, one with that step and one without");
    }
    longerThanPattern(step);
  }

  private void conjunction(Step step, Body.All all) {
    if (!step.times().isOnce()) {
      say(
          PATTERN_COMBINATION,
          step.timesPlace(),
          "all takes each of its bodies once",
          "leave times out, or make steps of the bodies");
    }
    if (all.bodies().size() > MAX_CONJUNCTION) {
      say(
          PATTERN_LIMIT,
          all.place(),
          "more than " + MAX_CONJUNCTION + " bodies in all",
          "a temporal correlation takes more rules; refer to it");
    }
  }

  private void within(Step step, int index) {
    if (step.within().isPresent() && index == 0) {
      say(
          IMPOSSIBLE_WITHIN,
          step.withinPlace(),
          "the first step has no step before it",
          "put within: on the pattern or on a later step");
    }
    longerThanPattern(step);
  }

  private void longerThanPattern(Step step) {
    Duration whole = tree.within().orElse(Duration.ofDays(36_500));
    if (step.within().isPresent() && step.within().get().compareTo(whole) > 0) {
      say(
          IMPOSSIBLE_WITHIN,
          step.withinPlace(),
          "'" + step.name() + "' may take longer than the whole pattern",
          "make the pattern's within longer, or this one shorter");
    }
  }

  private void effectless(Place place, String message) {
    say(PATTERN_WITHOUT_EFFECT, place, message, "leave it out");
  }

  private void say(DiagnosticCode code, Place place, String message, String remedy) {
    diagnostics.add(code, place, message, remedy);
  }
}
