package dev.tidewatch.jobs.rules;

import dev.tidewatch.deploy.RevisionCompiler;
import dev.tidewatch.deploy.RevisionCompiler.Revision;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.events.v1.RuleFault;
import dev.tidewatch.sigma.SigmaRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compiles one revision after another. Keeps what was parsed, the rules themselves and a large
 * index, so that a revision costs what it changes. Not thread-safe.
 */
final class RuleSetCompiler {
  private final RevisionCompiler compiler = new RevisionCompiler();
  private final RuleFaults faults;
  private final BaseIndex index;
  private Map<String, Kept> kept = new HashMap<>();
  private Map<String, Kept> keeping = new HashMap<>();
  private Set<String> known = new HashSet<>();
  private boolean first = true;

  /** A rule as it came from the compiler, and with its version. */
  private record Kept(SigmaRule raw, SigmaRule versioned) {}

  RuleSetCompiler(RuleFaults faults, BaseIndex index) {
    this.faults = faults;
    this.index = index;
  }

  /**
   * @throws RefusedRevisionException when a rule that the revision brings does not compile, or one
   *     that did does not any more. In the first revision of a process such rules are left out.
   */
  RuleSet compile(RuleBook book) throws RefusedRevisionException {
    keeping = new HashMap<>();
    Placements placements = new Placements(book, this::versioned);
    Revision compiled = compiler.compile(book);
    placements.forAll(compiled.forAll());
    compiled
        .canaries()
        .forEach(
            canary ->
                placements.canary(
                    canary.entry().placement().getRuleId(), canary.placed(), canary.compiled()));
    List<RuleFault> found = compiled.faults().stream().map(RuleSetCompiler::fault).toList();
    refuseNew(found);
    return publish(book, placements, found);
  }

  /** The same object as in the revision before, if it is the same rule. */
  private SigmaRule versioned(SigmaRule rule, int version, String tenant) {
    String key = PlacedRule.key(rule.id(), version) + "\0" + tenant;
    Kept before = kept.get(key);
    boolean same = before != null && (before.raw() == rule || before.raw().equals(rule));
    Kept now =
        same && before != null
            ? before
            : new Kept(rule, version == rule.version() ? rule : rule.withVersion(version));
    keeping.put(key, now);
    return now.versioned();
  }

  private static RuleFault fault(RevisionCompiler.Fault fault) {
    String where = fault.tenant().isEmpty() ? "" : " for tenant " + fault.tenant();
    return RuleFault.newBuilder()
        .setRuleId(fault.version().getRuleId())
        .setVersion(fault.version().getVersion())
        .setCode(fault.error().code())
        .setMessage(fault.error().message() + where)
        .build();
  }

  private void refuseNew(List<RuleFault> found) throws RefusedRevisionException {
    Set<String> keys = new HashSet<>();
    found.forEach(fault -> keys.add(PlacedRule.key(fault.getRuleId(), fault.getVersion())));
    if (!first) {
      for (RuleFault fault : found) {
        String key = PlacedRule.key(fault.getRuleId(), fault.getVersion());
        if (!known.contains(key)) {
          throw new RefusedRevisionException(
              "rule %s: %s %s".formatted(key, fault.getCode(), fault.getMessage()));
        }
      }
    }
    known = keys;
    first = false;
  }

  private RuleSet publish(RuleBook book, Placements placements, List<RuleFault> found) {
    List<PlacedRule> rules = placements.rules();
    List<SigmaRule> matched = rules.stream().map(PlacedRule::rule).toList();
    kept = keeping;
    faults.retain(matched);
    faults.refused(found);
    return new RuleSet(book.revision(), index.guarded(matched), rules, placements.stateful());
  }
}
