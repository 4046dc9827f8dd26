package dev.tidewatch.jobs.cep;

import dev.tidewatch.pattern.machines.PatternEvent;
import dev.tidewatch.pattern.plan.Comparison;
import dev.tidewatch.pattern.plan.Operand;
import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.pattern.plan.PlanStep;
import dev.tidewatch.remember.Conditions.Finding;
import dev.tidewatch.remember.Conditions.Window;
import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.Match;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A match as the NFA gives it: the events of each stage. */
final class StageWindow implements Window {
  private static final Comparator<PatternEvent> BY_TIME =
      Comparator.comparing(event -> event.matches()[0], Match.ORDER);

  /** Those that began first, then those with the most events, then those with the earlier ones. */
  private static final Comparator<StageWindow> ORDER =
      Comparator.comparing(StageWindow::first, BY_TIME)
          .thenComparing(window -> -window.taken.size())
          .thenComparing(StageWindow::compareEvents);

  private final List<EventRef> events = new ArrayList<>();
  private final List<PatternEvent> taken = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private String[] entities = {};

  StageWindow(PatternPlan plan, Map<String, List<PatternEvent>> match) {
    for (int i = 0; i < plan.steps().size(); i++) {
      PlanStep step = plan.steps().get(i);
      List<PatternEvent> ofStep = match.getOrDefault(FlinkPattern.stage(i), List.of());
      taken.addAll(ofStep);
      for (PatternEvent event : ofStep) {
        events.add(event.ref(step.mask()));
        entities = event.match(step.mask()).entities();
      }
      if (!ofStep.isEmpty()) {
        find(step, ofStep);
      }
    }
  }

  /** The matches of one instant, in the order in which they are told. */
  static List<StageWindow> inOrder(
      PatternPlan plan, Collection<Map<String, List<PatternEvent>>> matches) {
    return matches.isEmpty()
        ? List.of()
        : matches.stream().map(match -> new StageWindow(plan, match)).sorted(ORDER).toList();
  }

  private static int compareEvents(StageWindow a, StageWindow b) {
    for (int i = 0; i < Math.min(a.taken.size(), b.taken.size()); i++) {
      int order = BY_TIME.compare(a.taken.get(i), b.taken.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** The event that it began with. */
  PatternEvent first() {
    return taken.get(0);
  }

  /** What its comparisons looked at, and how often it happened. */
  private void find(PlanStep step, List<PatternEvent> ofStep) {
    Match last = ofStep.get(ofStep.size() - 1).match(step.mask());
    for (Comparison comparison : step.where()) {
      for (Operand operand : List.of(comparison.left(), comparison.right())) {
        if (operand instanceof Operand.Own own) {
          int index = own.indexes().get(last.member());
          String value = index < 0 ? null : last.field(index);
          if (value != null) {
            findings.add(new Finding(last.member(), own.field(), value));
          }
        }
      }
    }
    if (step.times().max() > 1) {
      findings.add(
          new Finding(last.member(), step.name() + ".count", Integer.toString(ofStep.size())));
    }
  }

  @Override
  public long count() {
    return events.size();
  }

  @Override
  public long firstMicros() {
    return events.get(0).timeMicros();
  }

  @Override
  public List<EventRef> evidence(int cap) {
    return events.subList(Math.max(0, events.size() - cap), events.size());
  }

  @Override
  public List<Finding> findings() {
    return findings;
  }

  @Override
  public String[] entities() {
    return entities;
  }
}
