package dev.tidewatch.deploy;

import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.TenantCompiler;
import dev.tidewatch.sigma.TenantCompiler.Compilations;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compiles a book as it runs: what is for all tenants together, and each version that is for some
 * with what those tenants have around it ({@link Surroundings}). A rule for all tenants so refers
 * to rules for all alone, and what one tenant has is not even seen from another's. The job runs
 * what compiles here, and whoever changes rules asks here first whether it will. What is unchanged
 * since the last compilation is not read again. Not thread-safe.
 */
public final class RevisionCompiler {
  private final TenantCompiler compiler = new TenantCompiler();
  private final TenantCompiler canaries = new TenantCompiler();

  /**
   * A version beside the one for all.
   *
   * @param compiled it and what it was compiled with; only what is its own is of it
   */
  public record Canary(Entry entry, PlacedVersion placed, Compilations compiled) {}

  /**
   * A version that is to run and does not.
   *
   * @param tenant whose value lists break it; empty: it compiles for nobody
   */
  public record Fault(RuleVersion version, PlacedVersion placed, Diagnostic error, String tenant) {
    public String key() {
      return version.getRuleId() + "@" + version.getVersion();
    }
  }

  /**
   * A compiled book.
   *
   * @param forAll the versions that run for all tenants but those that have one of their own
   */
  public record Revision(Compilations forAll, List<Canary> canaries, List<Fault> faults) {}

  /** Compiles all that runs. */
  public Revision compile(RuleBook book) {
    Surroundings around = Surroundings.of(book, Set.of());
    Map<String, Map<String, List<String>>> lists = book.lists().byTenant();
    List<Fault> faults = new ArrayList<>();
    Compilations forAll = compiler.compile(around.forAll(), lists);
    Map<String, Asked> main = new TreeMap<>();
    book.entries()
        .forEach((id, entry) -> entry.main().ifPresent(p -> main.put(id, Asked.of(entry, p))));
    findFaults(forAll, main, faults);
    List<Canary> others = new ArrayList<>();
    for (Entry entry : book.entries().values()) {
      for (PlacedVersion other : entry.others().toList()) {
        Asked asked = Asked.of(entry, other);
        List<RuleSource> sources = around.mentionedBy(asked.version(), other.getTenantsList());
        sources.add(RuleBook.source(asked.version()));
        Compilations compiled = canaries.compile(sources, listsOf(other.getTenantsList(), lists));
        findFaults(compiled, Map.of(asked.version().getRuleId(), asked), faults);
        others.add(new Canary(entry, other, compiled));
      }
    }
    return new Revision(forAll, List.copyOf(others), List.copyOf(faults));
  }

  /**
   * Files among what they would run with.
   *
   * @param without ids of rules that the files bring themselves, or that go
   * @param tenants whom the files are for; empty: all
   */
  public Compilation beside(
      RuleBook book, Set<String> without, List<RuleSource> files, Collection<String> tenants) {
    Surroundings around = Surroundings.of(book, without);
    Set<String> names = new HashSet<>();
    files.forEach(file -> names.add(file.file()));
    List<RuleSource> sources = new ArrayList<>();
    around.forAll().forEach(source -> sources.add(apart(source, names)));
    around.forSome(tenants).forEach(source -> sources.add(apart(source, names)));
    sources.addAll(files);
    return compiler.compile(sources, listsOf(tenants, book.lists().byTenant())).told();
  }

  /** What is said of a file is said of the one that was given, not of another of its name. */
  private static RuleSource apart(RuleSource source, Set<String> names) {
    return names.contains(source.file()) ? Surroundings.renamed(source) : source;
  }

  /** Those of the tenants and of everyone. */
  private static Map<String, Map<String, List<String>>> listsOf(
      Collection<String> tenants, Map<String, Map<String, List<String>>> lists) {
    Map<String, Map<String, List<String>>> theirs = new TreeMap<>(lists);
    if (!tenants.isEmpty()) {
      theirs
          .keySet()
          .removeIf(tenant -> !tenant.equals(TenantCompiler.EVERYONE) && !tenants.contains(tenant));
    }
    return theirs;
  }

  /** A version that is to compile. */
  private record Asked(RuleVersion version, PlacedVersion placed) {
    static Asked of(Entry entry, PlacedVersion placed) {
      return new Asked(entry.version(placed.getVersion()), placed);
    }
  }

  /** A document that is neither rule nor correlation nor in error is a filter. */
  private static void findFaults(
      Compilations compiled, Map<String, Asked> asked, List<Fault> found) {
    Set<String> missing = new HashSet<>(asked.keySet());
    compiled.forAll().rules().forEach(rule -> missing.remove(rule.id()));
    compiled.forAll().stateful().forEach(rule -> missing.remove(rule.id()));
    missing.removeIf(compiled::isSomebodys);
    findFaults(compiled.forAll(), asked, missing, "", found);
    compiled
        .own()
        .forEach(
            (tenant, own) -> {
              Set<String> lost = new HashSet<>(own.lost());
              lost.retainAll(asked.keySet());
              findFaults(own.compiled(), asked, lost, tenant, found);
            });
  }

  private static void findFaults(
      Compilation compiled,
      Map<String, Asked> asked,
      Set<String> missing,
      String tenant,
      List<Fault> found) {
    Map<String, Diagnostic> firstByFile = new HashMap<>();
    compiled.diagnostics().stream()
        .filter(Diagnostic::isError)
        .forEach(error -> firstByFile.putIfAbsent(error.file(), error));
    for (String id : missing) {
      Asked version = asked.get(id);
      Diagnostic error = version == null ? null : firstByFile.get(version.version().getFile());
      if (version != null && error != null) {
        found.add(new Fault(version.version(), version.placed(), error, tenant));
      }
    }
  }
}
