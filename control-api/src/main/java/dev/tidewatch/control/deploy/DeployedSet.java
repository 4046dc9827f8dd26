package dev.tidewatch.control.deploy;

import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.TenantCompiler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compiles the versions of a book that run for all tenants; what is unchanged is parsed once. */
final class DeployedSet {
  private final TenantCompiler compiler = new TenantCompiler();
  private @Nullable RuleBook compiledOf;
  private @Nullable Compilation compiled;
  private @Nullable RuleBook toldOf;
  private @Nullable Compilation told;

  synchronized Compilation of(RuleBook book) {
    Compilation known = compiled;
    if (known == null || compiledOf != book) {
      known = versioned(compile(sources(book, Set.of()), book), book);
      compiled = known;
      compiledOf = book;
    }
    return known;
  }

  /** Ids of rules that are to run and do not compile; a filter compiles to nothing of its own. */
  Set<String> refused(RuleBook book) {
    Compilation compilation = of(book);
    Set<String> files = new HashSet<>();
    compilation.diagnostics().stream()
        .filter(Diagnostic::isError)
        .forEach(error -> files.add(error.file()));
    Set<String> compiles = new HashSet<>();
    compilation.rules().forEach(rule -> compiles.add(rule.id()));
    compilation.stateful().forEach(rule -> compiles.add(rule.id()));
    Set<String> refused = new TreeSet<>();
    for (Entry entry : book.entries().values()) {
      String id = entry.placement().getRuleId();
      entry
          .main()
          .or(() -> entry.running().findFirst())
          .map(placed -> entry.version(placed.getVersion()).getFile())
          .filter(file -> files.contains(file) && !compiles.contains(id))
          .ifPresent(file -> refused.add(id));
    }
    return refused;
  }

  /** The same, with what was refused of {@code start}, which the book cannot know. */
  synchronized Compilation with(RuleBook book, Compilation start) {
    Compilation known = told;
    if (known == null || toldOf != book) {
      Compilation deployed = of(book);
      Set<Diagnostic> diagnostics = new LinkedHashSet<>(start.diagnostics());
      diagnostics.addAll(deployed.diagnostics());
      known =
          new Compilation(
              deployed.files() + start.refused(),
              deployed.rules(),
              deployed.stateful(),
              deployed.inline(),
              deployed.refused() + start.refused(),
              List.copyOf(diagnostics),
              start.refusedByCode());
      told = known;
      toldOf = book;
    }
    return known;
  }

  /**
   * A book's rules and files beside them.
   *
   * @param without ids that the files bring themselves
   */
  synchronized Compilation with(RuleBook book, Set<String> without, List<RuleSource> files) {
    List<RuleSource> all = new ArrayList<>(sources(book, without));
    all.addAll(files);
    return compile(all, book);
  }

  /** With the value lists of every tenant: what some of them break is an error. */
  private Compilation compile(List<RuleSource> sources, RuleBook book) {
    return compiler.compile(sources, book.lists().byTenant()).told();
  }

  /** The version that runs for all; of a rule that runs for some tenants only, one of those. */
  private static List<RuleSource> sources(RuleBook book, Set<String> without) {
    List<RuleSource> sources = new ArrayList<>();
    for (Entry entry : book.entries().values()) {
      if (!without.contains(entry.placement().getRuleId())) {
        entry
            .main()
            .or(() -> entry.running().findFirst())
            .ifPresent(placed -> sources.add(RuleBook.source(entry.version(placed.getVersion()))));
      }
    }
    return sources;
  }

  private static Compilation versioned(Compilation compilation, RuleBook book) {
    List<SigmaRule> rules =
        compilation.rules().stream()
            .map(
                rule -> {
                  Entry entry = book.entries().get(rule.id());
                  return entry == null
                      ? rule
                      : entry
                          .main()
                          .or(() -> entry.running().findFirst())
                          .map(placed -> rule.withVersion(placed.getVersion()))
                          .orElse(rule);
                })
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
