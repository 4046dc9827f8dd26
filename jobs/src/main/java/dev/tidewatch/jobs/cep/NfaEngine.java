package dev.tidewatch.jobs.cep;

import dev.tidewatch.pattern.machines.PatternEngine;
import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.remember.Machine;
import java.util.Optional;
import org.apache.flink.cep.nfa.compiler.NFACompiler;
import org.apache.flink.cep.pattern.MalformedPatternException;

/** Flink's NFA as the engine of patterns. */
public final class NfaEngine implements PatternEngine {
  @Override
  public Machine machine(PatternPlan plan) {
    return new NfaMachine(plan);
  }

  @Override
  public Optional<String> refuses(PatternPlan plan) {
    try {
      NFACompiler.compileFactory(FlinkPattern.of(plan), false).createNFA();
      return Optional.empty();
    } catch (MalformedPatternException
        | UnsupportedOperationException
        | IllegalArgumentException e) {
      return Optional.of("Flink's pattern compiler refuses it: " + e.getMessage());
    }
  }
}
