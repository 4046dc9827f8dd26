package dev.tidewatch.pattern;

import static dev.tidewatch.diagnostic.DiagnosticCode.BAD_ALIAS;
import static dev.tidewatch.diagnostic.DiagnosticCode.CHAIN_DEPTH;
import static dev.tidewatch.diagnostic.DiagnosticCode.CHAIN_LATENESS;
import static dev.tidewatch.diagnostic.DiagnosticCode.PATTERN_COMBINATION;
import static dev.tidewatch.diagnostic.DiagnosticCode.PATTERN_ENGINE_MISSING;
import static dev.tidewatch.diagnostic.DiagnosticCode.PATTERN_LIMIT;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.pattern.machines.CadenceMachine;
import dev.tidewatch.pattern.machines.PatternEngine;
import dev.tidewatch.pattern.machines.PlannedMachine;
import dev.tidewatch.pattern.machines.SequenceMachine;
import dev.tidewatch.pattern.parse.PatternTree;
import dev.tidewatch.pattern.parse.PatternTree.Body;
import dev.tidewatch.pattern.parse.PatternTree.Side;
import dev.tidewatch.pattern.parse.PatternTree.Step;
import dev.tidewatch.pattern.parse.PatternTree.Where;
import dev.tidewatch.pattern.plan.Comparison;
import dev.tidewatch.pattern.plan.Contiguity;
import dev.tidewatch.pattern.plan.Operand;
import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.pattern.plan.PlanStep;
import dev.tidewatch.remember.Machine;
import dev.tidewatch.remember.StatefulDocument.Origin;
import dev.tidewatch.remember.StatefulDocument.Targets;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.parse.StatefulHead;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a rule of a pattern: members of what it refers to, a plan over them, a machine. */
final class PatternResolver {
  private static final int MAX_MEMBERS = 64;

  private final StatefulHead head;
  private final PatternTree tree;
  private final Diagnostics diagnostics;
  private final PatternMembers members;

  PatternResolver(StatefulHead head, PatternTree tree, Targets targets, Diagnostics diagnostics) {
    this.head = head;
    this.tree = tree;
    this.diagnostics = diagnostics;
    this.members = new PatternMembers(tree, targets, diagnostics);
  }

  /** Empty if there was an error. */
  Optional<StatefulRule> resolve(Origin origin) {
    int before = diagnostics.errors();
    Optional<PatternPlan> plan = Optional.empty();
    if (tree.cadence().isPresent()) {
      members.mask(tree.cadence().get().body());
    } else {
      plan = Optional.of(plan());
    }
    checkMembers();
    StatefulRule rule = rule(origin, plan);
    if (diagnostics.errors() == before && rule.machine() instanceof PlannedMachine planned) {
      checkEngine(planned.plan());
    }
    return diagnostics.errors() == before ? Optional.of(rule) : Optional.empty();
  }

  private StatefulRule rule(Origin origin, Optional<PatternPlan> plan) {
    Machine machine =
        plan.map(PatternResolver::machine)
            .orElseGet(() -> new CadenceMachine(tree.cadence().orElseThrow().plan()));
    return new StatefulRule(
        head.head(),
        origin.version(),
        origin.hash(),
        origin.file(),
        origin.source(),
        plan.map(PatternPlan::kind).orElse("cadence"),
        members.build(),
        tree.by().stream().map(Scalar::text).toList(),
        head.generate(),
        members.depth() + 1,
        head.lateness().orElse(members.lateness()),
        head.suppress(),
        machine);
  }

  private static Machine machine(PatternPlan plan) {
    return plan.needsNfa() ? new PlannedMachine(plan) : new SequenceMachine(plan);
  }

  private PatternPlan plan() {
    List<Step> steps = tree.steps();
    List<List<Long>> bodies = new ArrayList<>();
    for (Step step : steps) {
      bodies.add(bodies(step.body()));
    }
    long until = tree.until().map(members::mask).orElse(0L);
    long scope = tree.scope().map(members::mask).orElse(0L);
    List<PlanStep> planned = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      planned.add(step(steps.get(i), i, bodies));
    }
    return new PatternPlan(
        planned, micros(tree.within()), until, scope, tree.afterMatch(), members.size());
  }

  private List<Long> bodies(Body body) {
    return body instanceof Body.All all
        ? all.bodies().stream().map(members::mask).toList()
        : List.of(members.mask(body));
  }

  private PlanStep step(Step step, int index, List<List<Long>> bodies) {
    boolean reluctant = step.reluctant() && step.times().min() != step.times().max();
    boolean alone = index == 0 && step.times().max() == 1;
    return new PlanStep(
        step.name(),
        step.negative(),
        bodies.get(index),
        step.times(),
        reluctant,
        alone ? Contiguity.FOLLOWED_BY : step.contiguity(),
        micros(step.within()),
        step.where().stream().map(where -> comparison(where, index, bodies)).toList());
  }

  private Comparison comparison(Where where, int step, List<List<Long>> bodies) {
    return new Comparison(
        operand(where.left(), step, bodies),
        where.operator(),
        operand(where.right(), step, bodies),
        where.text());
  }

  private Operand operand(Side side, int step, List<List<Long>> bodies) {
    if (side instanceof Side.Literal literal) {
      return new Operand.Literal(literal.text());
    }
    if (side instanceof Side.Count count) {
      return new Operand.Count(index(count.step()));
    }
    if (side instanceof Side.OfStep of) {
      int other = index(of.step());
      return new Operand.OfStep(
          other, of.which(), of.field(), members.indexes(union(bodies.get(other)), of.field()));
    }
    String field = ((Side.Own) side).field();
    return new Operand.Own(field, members.indexes(union(bodies.get(step)), field));
  }

  private static long union(List<Long> masks) {
    return masks.stream().reduce(0L, (a, b) -> a | b);
  }

  private int index(String step) {
    for (int i = 0; i < tree.steps().size(); i++) {
      if (tree.steps().get(i).name().equals(step)) {
        return i;
      }
    }
    throw new IllegalStateException(step);
  }

  private static long micros(Optional<Duration> duration) {
    return duration.map(d -> d.toNanos() / 1_000).orElse(Long.MAX_VALUE);
  }

  private void checkMembers() {
    if (members.size() > MAX_MEMBERS) {
      diagnostics.add(
          PATTERN_LIMIT,
          tree.place(),
          "the pattern refers to " + members.size() + " rules, and can to " + MAX_MEMBERS,
          "split it, and refer to the parts");
    }
    if (members.depth() + 1 > StatefulRule.MAX_DEPTH) {
      diagnostics.add(
          CHAIN_DEPTH,
          tree.place(),
          "the chain of rules is deeper than " + StatefulRule.MAX_DEPTH,
          "refer to the rules below it");
    }
    if (head.lateness().isPresent() && head.lateness().get().compareTo(members.lateness()) < 0) {
      diagnostics.add(
          CHAIN_LATENESS,
          head.latenessPlace(),
          "a rule below waits longer for late events: " + members.lateness().toSeconds() + "s",
          "wait as long here at least, or leave lateness out");
    }
    for (Map<Scalar, String> alias : tree.aliases().values()) {
      alias.keySet().forEach(this::checkAlias);
    }
  }

  private void checkAlias(Scalar rule) {
    if (!members.knows(rule.text())) {
      diagnostics.add(
          BAD_ALIAS,
          rule.place(),
          "no step has the rule '" + rule.text() + "'",
          "name a rule as rule: does; a detection written here by its step's name");
    }
  }

  private void checkEngine(PatternPlan plan) {
    Optional<PatternEngine> engine = PatternEngine.find();
    if (engine.isEmpty()) {
      diagnostics.add(
          PATTERN_ENGINE_MISSING,
          tree.place(),
          "the pattern needs Flink's NFA, which is not on the class path here",
          "it is checked but cannot be run here; the job and the tidewatch command bring it");
      return;
    }
    engine
        .get()
        .refuses(plan)
        .ifPresent(
            why ->
                diagnostics.add(
                    PATTERN_COMBINATION, tree.place(), why, "write it in two patterns"));
  }
}
