package dev.tidewatch.jobs.remember;

import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.remember.Member;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.parse.RuleHead;
import java.time.Duration;
import java.util.List;

/** Stateful rules for tests, by source and number. */
final class BurstRules {
  static final String MEMBER = "failed-logon";

  private BurstRules() {}

  /** {@code threshold} matches of {@link #MEMBER} in {@code window}, by IpAddress. */
  static StatefulRule burst(String id, int threshold, Duration window) {
    return rule(
        id,
        1,
        new Member(0, MEMBER, MEMBER, false, List.of("IpAddress"), List.of()),
        Duration.ZERO,
        new BurstMachine(threshold, window.toNanos() / 1_000));
  }

  /** {@code threshold} episodes of {@code child} in {@code window}, by IpAddress. */
  static StatefulRule chained(String id, StatefulRule child, int threshold, Duration window) {
    return rule(
        id,
        child.depth() + 1,
        new Member(0, child.id(), child.id(), true, List.of("IpAddress"), List.of()),
        Duration.ZERO,
        new BurstMachine(threshold, window.toNanos() / 1_000));
  }

  static StatefulRule withLateness(StatefulRule rule, Duration lateness) {
    return rule(rule.id(), rule.depth(), rule.members().get(0), lateness, rule.machine());
  }

  private static StatefulRule rule(
      String id,
      int depth,
      Member member,
      Duration lateness,
      dev.tidewatch.remember.Machine machine) {
    RuleHead head =
        new RuleHead(
            id,
            Place.NONE,
            id,
            "Burst " + id,
            "",
            "",
            "test",
            "high",
            LogSource.UNKNOWN,
            List.of("attack.t1110"),
            List.of(),
            List.of());
    return new StatefulRule(
        head,
        1,
        "0123456789abcdef",
        id + ".yml",
        "",
        "burst",
        List.of(member),
        List.of("IpAddress"),
        false,
        depth,
        lateness,
        Duration.ZERO,
        machine);
  }
}
