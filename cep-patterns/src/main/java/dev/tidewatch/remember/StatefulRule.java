package dev.tidewatch.remember;

import dev.tidewatch.attack.Attack;
import dev.tidewatch.sigma.parse.RuleHead;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A correlation or a pattern that compiled.
 *
 * @param hash first 16 hex digits of SHA-256 over {@code source}
 * @param kind what the rule is, in its own words: {@code event_count}, {@code temporal_ordered},
 *     {@code sequence}, {@code cadence}, …
 * @param groupBy field names as the rule writes them; empty: one group for the tenant
 * @param generate whether the rules it refers to alert by themselves too (row 30)
 * @param depth 1 when all members are detection rules, else one more than the deepest member's
 * @param lateness how much longer than the job's own lateness its matches are waited for
 * @param suppress episodes of a group that open sooner than this after the start of the one before
 *     are counted onto it; zero: each alerts
 * @param machine decides it
 */
public record StatefulRule(
    RuleHead head,
    int version,
    String hash,
    String file,
    String source,
    String kind,
    List<Member> members,
    List<String> groupBy,
    boolean generate,
    int depth,
    Duration lateness,
    Duration suppress,
    Machine machine) {
  /** A chain may not be deeper: each level is an operator of the job. */
  public static final int MAX_DEPTH = 3;

  public StatefulRule {
    members = List.copyOf(members);
    groupBy = List.copyOf(groupBy);
  }

  public String id() {
    return head.id();
  }

  public List<String> techniqueIds() {
    return head.tags().stream()
        .map(Attack::techniqueId)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  public List<String> tactics() {
    return head.tags().stream()
        .map(tag -> Attack.tactic(tag).map(tactic -> tactic.shortName()))
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  /** The same rule as another version. */
  public StatefulRule withVersion(int changed) {
    return new StatefulRule(
        head, changed, hash, file, source, kind, members, groupBy, generate, depth, lateness,
        suppress, machine);
  }

  /** Title and id, for messages; a record's own text would print the whole source. */
  @Override
  public String toString() {
    return head.title() + " (" + id() + ")";
  }
}
