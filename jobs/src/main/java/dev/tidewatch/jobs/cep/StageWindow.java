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
import java.util.List;
import java.util.Map;

/** A match as the NFA gives it: the events of each stage. */
final class StageWindow implements Window {
  private final List<EventRef> events = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private String[] entities = {};

  StageWindow(PatternPlan plan, Map<String, List<PatternEvent>> match) {
    for (int i = 0; i < plan.steps().size(); i++) {
      PlanStep step = plan.steps().get(i);
      List<PatternEvent> taken = match.getOrDefault(FlinkPattern.stage(i), List.of());
      for (PatternEvent event : taken) {
        events.add(event.ref(step.mask()));
        entities = event.match(step.mask()).entities();
      }
      if (!taken.isEmpty()) {
        find(step, taken);
      }
    }
  }

  /** What its comparisons looked at, and how often it happened. */
  private void find(PlanStep step, List<PatternEvent> taken) {
    Match last = taken.get(taken.size() - 1).match(step.mask());
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
          new Finding(last.member(), step.name() + ".count", Integer.toString(taken.size())));
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
