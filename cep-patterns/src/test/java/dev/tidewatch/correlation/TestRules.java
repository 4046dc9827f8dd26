package dev.tidewatch.correlation;

import dev.tidewatch.correlation.machine.CorrelationMachines;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.remember.Member;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.parse.RuleHead;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Rules made of plans, without text. */
final class TestRules {
  private TestRules() {}

  static StatefulRule of(CorrelationPlan plan, long suppressMicros) {
    RuleHead head =
        new RuleHead(
            "rule",
            Place.NONE,
            "",
            "Rule",
            "",
            "",
            "",
            "low",
            LogSource.UNKNOWN,
            List.of(),
            List.of(),
            List.of());
    List<Member> members =
        IntStream.range(0, plan.members())
            .mapToObj(i -> new Member(i, "r" + i, "r" + i, false, List.of(), plan.valueFields()))
            .toList();
    return new StatefulRule(
        head,
        1,
        "",
        "",
        "",
        plan.type().text(),
        members,
        List.of(),
        false,
        1,
        Duration.ZERO,
        Duration.ofNanos(suppressMicros * 1_000),
        CorrelationMachines.of(plan));
  }
}
