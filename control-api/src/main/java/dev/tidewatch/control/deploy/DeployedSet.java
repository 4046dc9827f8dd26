package dev.tidewatch.control.deploy;

import dev.tidewatch.deploy.RevisionCompiler;
import dev.tidewatch.deploy.RevisionCompiler.Canary;
import dev.tidewatch.deploy.RevisionCompiler.Fault;
import dev.tidewatch.deploy.RevisionCompiler.Revision;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compiles books as the job does; what is unchanged is parsed once. */
final class DeployedSet {
  /** What is in force and what is planned. */
  private static final int MOST_KNOWN = 2;

  private final RevisionCompiler compiler = new RevisionCompiler();

  /** By the hash of the book. */
  private final Map<String, Known> known =
      new LinkedHashMap<>(4, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST_KNOWN;
        }
      };

  private @Nullable RuleBook toldOf;
  private @Nullable Compilation told;

  /** A book, compiled: as it is told, and what of it does not run. */
  private record Known(RuleBook book, Compilation compilation, List<Fault> faults) {}

  /** The hash leaves out what is told but does not run, such as the name of a file. */
  private synchronized Known known(RuleBook book) {
    return known.compute(
        book.hash(),
        (hash, before) -> before != null && before.book().equals(book) ? before : compiled(book));
  }

  private Known compiled(RuleBook book) {
    Revision revision = compiler.compile(book);
    return new Known(book, versioned(told(revision), book), revision.faults());
  }

  /**
   * Each rule once: the version for all; of a rule that runs for some tenants only, one of those.
   */
  Compilation of(RuleBook book) {
    return known(book).compilation();
  }

  /** What is to run and does not; a job refuses a revision that has another of them. */
  List<Fault> faults(RuleBook book) {
    return known(book).faults();
  }

  /** Ids of rules that are to run and do not compile, for all tenants or for those that have it. */
  Set<String> refused(RuleBook book) {
    Set<String> refused = new TreeSet<>();
    for (Fault fault : faults(book)) {
      Entry entry = book.entries().get(fault.version().getRuleId());
      boolean first =
          entry != null && shown(entry).filter(placed -> placed.equals(fault.placed())).isPresent();
      if (first && fault.tenant().isEmpty()) {
        refused.add(fault.version().getRuleId());
      }
    }
    return refused;
  }

  private static Optional<PlacedVersion> shown(Entry entry) {
    return entry.main().or(() -> entry.running().findFirst());
  }

  /** The same, with what was refused of {@code start}, which the book cannot know. */
  synchronized Compilation with(RuleBook book, Compilation start) {
    Compilation last = told;
    if (last == null || toldOf != book) {
      Compilation deployed = of(book);
      Set<Diagnostic> diagnostics = new LinkedHashSet<>(start.diagnostics());
      diagnostics.addAll(deployed.diagnostics());
      last =
          new Compilation(
              deployed.files() + start.refused(),
              deployed.rules(),
              deployed.stateful(),
              deployed.inline(),
              deployed.refused() + start.refused(),
              List.copyOf(diagnostics),
              start.refusedByCode());
      told = last;
      toldOf = book;
    }
    return last;
  }

  /**
   * Files among what they would run with.
   *
   * @param without ids that the files bring themselves, or that go
   * @param tenants whom the files are for; empty: all
   */
  synchronized Compilation with(
      RuleBook book, Set<String> without, List<RuleSource> files, Collection<String> tenants) {
    return compiler.beside(book, without, files, tenants);
  }

  /** What runs for all, and of rules that only some tenants have the first that runs. */
  private static Compilation told(Revision revision) {
    Compilation all = revision.forAll().told();
    List<SigmaRule> rules = new ArrayList<>(all.rules());
    List<StatefulRule> stateful = new ArrayList<>(all.stateful());
    List<SigmaRule> inline = new ArrayList<>(all.inline());
    List<Diagnostic> diagnostics = new ArrayList<>(all.diagnostics());
    Map<String, Integer> byCode = new HashMap<>(all.refusedByCode());
    int files = all.files();
    int refused = all.refused();
    Set<String> taken = new HashSet<>();
    for (Canary canary : revision.canaries()) {
      String id = canary.entry().placement().getRuleId();
      if (canary.entry().main().isEmpty() && taken.add(id)) {
        Compilation own = canary.compiled().told();
        String file = canary.entry().version(canary.placed().getVersion()).getFile();
        own.rules().stream().filter(rule -> rule.id().equals(id)).forEach(rules::add);
        own.stateful().stream().filter(rule -> rule.id().equals(id)).forEach(stateful::add);
        own.inline().stream().filter(rule -> rule.id().startsWith(id + "#")).forEach(inline::add);
        List<Diagnostic> found =
            own.diagnostics().stream().filter(d -> d.file().equals(file)).toList();
        diagnostics.addAll(found);
        files++;
        Optional<Diagnostic> error = found.stream().filter(Diagnostic::isError).findFirst();
        error.ifPresent(first -> byCode.merge(first.code(), 1, Integer::sum));
        refused += error.isPresent() ? 1 : 0;
      }
    }
    return new Compilation(files, rules, stateful, inline, refused, diagnostics, byCode);
  }

  private static Compilation versioned(Compilation compilation, RuleBook book) {
    List<SigmaRule> rules =
        compilation.rules().stream()
            .map(
                rule ->
                    Optional.ofNullable(book.entries().get(rule.id()))
                        .flatMap(DeployedSet::shown)
                        .map(PlacedVersion::getVersion)
                        .filter(version -> version != rule.version())
                        .map(rule::withVersion)
                        .orElse(rule))
            .toList();
    return new Compilation(
        compilation.files(),
        rules,
        compilation.stateful(),
        compilation.inline(),
        compilation.refused(),
        compilation.diagnostics(),
        compilation.refusedByCode());
  }
}
