package dev.tidewatch.jobs.cep;

import dev.tidewatch.pattern.machines.Comparing;
import dev.tidewatch.pattern.machines.PatternEvent;
import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.pattern.plan.PlanStep;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.cep.pattern.conditions.IterativeCondition;

/**
 * Whether a step may take an event: a member of it fired, it comes soon enough after the step
 * before, its comparisons hold, and of a conjunction it is a body that is still missing.
 */
final class StepCondition extends IterativeCondition<PatternEvent> {
  private static final long serialVersionUID = 1;

  private final PatternPlan plan;
  private final int index;
  private final long mask;

  StepCondition(PatternPlan plan, int index) {
    this.plan = plan;
    this.index = index;
    this.mask = plan.steps().get(index).mask();
  }

  @Override
  public boolean filter(PatternEvent event, Context<PatternEvent> context) throws Exception {
    if ((event.mask() & mask) == 0) {
      return false;
    }
    PlanStep step = plan.steps().get(index);
    return (step.withinMicros() == Long.MAX_VALUE || step.negative() || isSoon(event, context))
        && (!step.isConjunction() || isMissing(event, context))
        && (step.where().isEmpty() || compares(event, context));
  }

  /** A repeated step has to begin in time, each event of a conjunction to come in time. */
  private boolean isSoon(PatternEvent event, Context<PatternEvent> context) throws Exception {
    PlanStep step = plan.steps().get(index);
    if (!step.isConjunction() && context.getEventsForPattern(stage()).iterator().hasNext()) {
      return true;
    }
    for (int before = index - 1; before >= 0; before--) {
      List<PatternEvent> taken = events(before, context);
      if (!taken.isEmpty()) {
        long last = taken.get(taken.size() - 1).timeMicros();
        return event.timeMicros() - last <= step.withinMicros();
      }
    }
    return true;
  }

  private boolean isMissing(PatternEvent event, Context<PatternEvent> context) throws Exception {
    List<Long> missing = new ArrayList<>(plan.steps().get(index).bodies());
    for (PatternEvent taken : events(index, context)) {
      removeFirst(missing, taken);
    }
    return missing.stream().anyMatch(body -> (event.mask() & body) != 0);
  }

  private static void removeFirst(List<Long> missing, PatternEvent taken) {
    for (int i = 0; i < missing.size(); i++) {
      if ((taken.mask() & missing.get(i)) != 0) {
        missing.remove(i);
        return;
      }
    }
  }

  private boolean compares(PatternEvent event, Context<PatternEvent> context) {
    return new Comparing(plan, index)
        .holds(
            event,
            step -> {
              try {
                return events(step, context);
              } catch (Exception e) {
                throw new IllegalStateException("the shared buffer cannot be read", e);
              }
            });
  }

  private String stage() {
    return FlinkPattern.stage(index);
  }

  private static List<PatternEvent> events(int step, Context<PatternEvent> context)
      throws Exception {
    List<PatternEvent> events = new ArrayList<>();
    context.getEventsForPattern(FlinkPattern.stage(step)).forEach(events::add);
    return events;
  }
}
