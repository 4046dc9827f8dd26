package dev.tidewatch.jobs.rules;

import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleFault;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.TenantCompiler;
import dev.tidewatch.sigma.TenantCompiler.Compilations;
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
 * compiled with the rules for all around it; a rule that asks for value lists is compiled for each
 * tenant that has some of them. Not thread-safe.
 */
final class RuleSetCompiler {
  private final TenantCompiler compiler = new TenantCompiler();
  private final TenantCompiler canaries = new TenantCompiler();
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
    List<RuleFault> found = new ArrayList<>();
    Map<String, RuleVersion> main = versionsForAll(book);
    Map<String, Map<String, List<String>>> lists = book.lists().byTenant();
    Compilations compiled = compiler.compile(sources(main), lists);
    findFaults(compiled, main, main.keySet(), found);
    placements.forAll(compiled);
    for (Entry entry : book.entries().values()) {
      for (PlacedVersion other : entry.others().toList()) {
        canary(entry, other, main, lists, placements, found);
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
      Map<String, Map<String, List<String>>> lists,
      Placements placements,
      List<RuleFault> found) {
    String id = entry.placement().getRuleId();
    Map<String, RuleVersion> versions = new TreeMap<>(main);
    versions.put(id, entry.version(placed.getVersion()));
    Map<String, Map<String, List<String>>> theirs = new TreeMap<>(lists);
    theirs
        .keySet()
        .removeIf(
            tenant ->
                !tenant.equals(TenantCompiler.EVERYONE)
                    && !placed.getTenantsList().contains(tenant)
                    && placed.getTenantsCount() > 0);
    Compilations compiled = canaries.compile(sources(versions), theirs);
    findFaults(compiled, versions, Set.of(id), found);
    placements.canary(id, placed, compiled);
  }

  private static List<RuleSource> sources(Map<String, RuleVersion> versions) {
    return versions.values().stream().map(RuleBook::source).toList();
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

  /** A document that is neither rule nor correlation nor in error is a filter. */
  private static void findFaults(
      Compilations compiled,
      Map<String, RuleVersion> versions,
      Set<String> asked,
      List<RuleFault> found) {
    Set<String> missing = new HashSet<>(asked);
    compiled.forAll().rules().forEach(rule -> missing.remove(rule.id()));
    compiled.forAll().stateful().forEach(rule -> missing.remove(rule.id()));
    missing.removeIf(compiled::isSomebodys);
    findFaults(compiled.forAll(), versions, missing, "", found);
    compiled
        .own()
        .forEach(
            (tenant, own) -> {
              Set<String> lost = new HashSet<>(own.lost());
              lost.retainAll(asked);
              findFaults(own.compiled(), versions, lost, " for tenant " + tenant, found);
            });
  }

  private static void findFaults(
      Compilation compiled,
      Map<String, RuleVersion> versions,
      Set<String> missing,
      String where,
      List<RuleFault> found) {
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
                .setMessage(error.message() + where)
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
    kept = keeping;
    faults.retain(matched);
    faults.refused(found);
    return new RuleSet(book.revision(), index.guarded(matched), rules, placements.stateful());
  }
}
