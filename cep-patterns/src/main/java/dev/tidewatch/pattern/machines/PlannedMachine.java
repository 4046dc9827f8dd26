package dev.tidewatch.pattern.machines;

import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.Machine;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.Match;

/** A plan that the {@link PatternEngine} runs: one machine of its for each thread. */
public final class PlannedMachine implements Machine {
  private final PatternPlan plan;
  private final ThreadLocal<Machine> machine;

  public PlannedMachine(PatternPlan plan) {
    this.plan = plan;
    this.machine = ThreadLocal.withInitial(() -> engine().machine(plan));
  }

  private static PatternEngine engine() {
    return PatternEngine.find()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "this pattern needs Flink's NFA; put Tidewatch's jobs module on the class"
                        + " path"));
  }

  public PatternPlan plan() {
    return plan;
  }

  @Override
  public MachineState newState() {
    return machine.get().newState();
  }

  @Override
  public void onMatch(MachineState state, Match match, Conditions conditions) {
    machine.get().onMatch(state, match, conditions);
  }

  @Override
  public long nextTime(MachineState state) {
    return machine.get().nextTime(state);
  }

  @Override
  public void onTime(MachineState state, long timeMicros, Conditions conditions) {
    machine.get().onTime(state, timeMicros, conditions);
  }

  @Override
  public long forgetAt(MachineState state) {
    return machine.get().forgetAt(state);
  }
}
