package dev.tidewatch.jobs.rules;

import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleFault;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.sigma.ParsedRules;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compiles one revision after another. Keeps what was parsed, the rules themselves and a large
 * index, so that a revision costs what it changes. A version that runs for some tenants only is
 * compiled with the rules for all around it. Not thread-safe.
 */
final class RuleSetCompiler {
  private final SigmaCompiler compiler = new SigmaCompiler();
  private final ParsedRules parsed = new ParsedRules();
  private final ParsedRules parsedCanaries = new ParsedRules();
  private final RuleFaults faults;
  private final BaseIndex index;
  private final Map<String, Kept> kept = new HashMap<>();
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
    Placements placements = new Placements(book);
    List<RuleFault> found = new ArrayList<>();
    Map<String, RuleVersion> main = versionsForAll(book);
    Compilation compiled = compiler.compile(sources(main), parsed);
    findFaults(compiled, main, main.keySet(), found);
    placements.forAll(compiled, this::versioned);
    for (Entry entry : book.entries().values()) {
      for (PlacedVersion other : entry.others().toList()) {
        canary(entry, other, main, placements, found);
      }
    }
    refuseNew(found);
    return publish(book, placements, found);
  }

  private static Map<String, RuleVersion> versionsForAll(RuleBook book) {
    Map<String, RuleVersion> versions = new TreeMap<>();
    book.entries()
        .forEach(
            (id, entry) ->
                entry.main().ifPresent(main -> versions.put(id, entry.version(main.getVersion()))));
    return versions;
  }

  private void canary(
      Entry entry,
      PlacedVersion placed,
      Map<String, RuleVersion> main,
      Placements placements,
      List<RuleFault> found) {
    String id = entry.placement().getRuleId();
    Map<String, RuleVersion> versions = new TreeMap<>(main);
    versions.put(id, entry.version(placed.getVersion()));
    Compilation compiled = compiler.compile(sources(versions), parsedCanaries);
    findFaults(compiled, versions, Set.of(id), found);
    placements.canary(id, placed, compiled, this::versioned);
  }

  private static List<RuleSource> sources(Map<String, RuleVersion> versions) {
    return versions.values().stream().map(RuleBook::source).toList();
  }

  /** The same object as in the revision before, if it is the same rule. */
  private SigmaRule versioned(SigmaRule rule, int version) {
    String key = PlacedRule.key(rule.id(), version);
    Kept before = kept.get(key);
    if (before != null && (before.raw() == rule || before.raw().equals(rule))) {
      return before.versioned();
    }
    Kept now = new Kept(rule, version == rule.version() ? rule : rule.withVersion(version));
    kept.put(key, now);
    return now.versioned();
  }

  /** A document that is neither rule nor correlation nor in error is a filter. */
  private static void findFaults(
      Compilation compiled,
      Map<String, RuleVersion> versions,
      Set<String> asked,
      List<RuleFault> found) {
    Set<String> missing = new HashSet<>(asked);
    compiled.rules().forEach(rule -> missing.remove(rule.id()));
    compiled.stateful().forEach(rule -> missing.remove(rule.id()));
    Map<String, Diagnostic> firstByFile = new HashMap<>();
    compiled.diagnostics().stream()
        .filter(Diagnostic::isError)
        .forEach(error -> firstByFile.putIfAbsent(error.file(), error));
    for (String id : missing) {
      RuleVersion version = versions.get(id);
      Diagnostic error = version == null ? null : firstByFile.get(version.getFile());
      if (version != null && error != null) {
        found.add(
            RuleFault.newBuilder()
                .setRuleId(id)
                .setVersion(version.getVersion())
                .setCode(error.code())
                .setMessage(error.message())
                .build());
      }
    }
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
    Set<String> keys = new HashSet<>();
    rules.forEach(rule -> keys.add(rule.key()));
    kept.keySet().retainAll(keys);
    faults.retain(matched);
    faults.refused(found);
    return new RuleSet(book.revision(), index.guarded(matched), rules, placements.stateful());
  }
}
