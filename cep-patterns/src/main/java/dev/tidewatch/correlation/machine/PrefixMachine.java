package dev.tidewatch.correlation.machine;

import dev.tidewatch.correlation.CorrelationPlan;
import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.Match;

/**
 * {@code temporal_ordered} (row 26): every rule in the window, in their order by event time.
 *
 * <p>For each prefix of the rules only the chain that began last is kept, and that is enough.
 * Matches come in order, equal times in the order of the rules. Let {@code s(i)} be the latest time
 * at which a chain of the first {@code i} rules began among the matches so far. A match of rule
 * {@code i + 1} ends a chain with any of them, so {@code s(i + 1)} becomes {@code s(i)}; that is
 * never earlier than what it was, for the chain before it was made of a {@code s(i)} that has only
 * grown since. At {@code t} there is a chain of all {@code k} rules in {@code [t - timespan, t]}
 * just when {@code s(k) >= t - timespan}: all chains end by {@code t}, and one that began too early
 * helps nobody, nor does it as a prefix, since what it is extended to begins when it began.
 *
 * <p>Of the chains that began last, the one kept has the latest event of each rule that the next
 * one allows: those are the evidence.
 */
final class PrefixMachine extends WindowMachine<Prefixes> {
  PrefixMachine(CorrelationPlan plan) {
    super(plan, Prefixes.class);
  }

  @Override
  public MachineState newState() {
    return new Prefixes(plan.members());
  }

  @Override
  boolean takes(Match match) {
    return true;
  }

  @Override
  void slide(Prefixes state, long fromMicros) {
    state.slide(fromMicros);
  }

  @Override
  void add(Prefixes state, Match match, Conditions conditions) {
    state.add(match);
  }

  @Override
  boolean holds(Prefixes state) {
    return state.isComplete();
  }
}
