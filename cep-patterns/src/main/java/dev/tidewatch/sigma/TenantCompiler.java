package dev.tidewatch.sigma;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.RuleFile.Document;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compiles rules for all tenants, and once more for each tenant whose value lists some of them ask
 * for. The lists of {@link #EVERYONE} are for every tenant that has none of the name itself. A rule
 * whose placeholders only some tenants have lists for is a rule of those tenants; one that nobody
 * has lists for is refused. What is unchanged since the last compilation is not read again, and not
 * looked at where nothing that changed can matter to it ({@link CompiledSet}). Not thread-safe.
 */
public final class TenantCompiler {
  /** The operators' tenant. */
  public static final String EVERYONE = "system";

  private final ParsedRules parsed = new ParsedRules();
  private Map<String, Map<String, List<String>>> lastLists = Map.of();
  private Optional<CompiledSet> last = Optional.empty();
  private int together;

  /**
   * What a tenant has for itself.
   *
   * @param compiled the rules that ask for its lists, others perhaps too
   * @param lost ids of rules that compile for all, but not with its lists
   */
  public record Own(Compilation compiled, Set<String> lost) {
    public Own {
      lost = Set.copyOf(lost);
    }

    private boolean has(String id) {
      return compiled.rules().stream().anyMatch(rule -> rule.id().equals(id))
          || compiled.stateful().stream().anyMatch(rule -> rule.id().equals(id));
    }
  }

  /**
   * @param forAll for every tenant without an entry in {@code own}
   * @param own by tenant
   * @param told everything that compiles for somebody, for those who show it; a rule that differs
   *     between tenants is there once. What a tenant's lists break is an error
   */
  public record Compilations(Compilation forAll, Map<String, Own> own, Compilation told) {
    public Compilations {
      own = Collections.unmodifiableMap(new TreeMap<>(own));
    }

    /** Whether the rule compiles for a tenant, if not for all. */
    public boolean isSomebodys(String id) {
      return own.values().stream().anyMatch(tenant -> tenant.has(id));
    }
  }

  /** A tenant's files, by their place among all. */
  private record Part(Map<Integer, RuleFile> files, Own own) {}

  /**
   * @param lists values of placeholders by their names, by tenant
   */
  public Compilations compile(
      Collection<RuleSource> sources, Map<String, Map<String, List<String>>> lists) {
    CompilerOptions everyone =
        new CompilerOptions(lists.getOrDefault(EVERYONE, Map.<String, List<String>>of()));
    List<RuleSource> all = List.copyOf(sources);
    if (last.isPresent()
        && lists.equals(lastLists)
        && last.get().become(all, parsed, everyone, s -> differs(s, lists))) {
      Compilation now = last.get().compilation();
      return new Compilations(now, Map.of(), now);
    }
    return together(all, lists, everyone);
  }

  private static boolean differs(RuleSource source, Map<String, Map<String, List<String>>> lists) {
    return lists.entrySet().stream()
        .filter(tenant -> !tenant.getKey().equals(EVERYONE))
        .anyMatch(own -> !asking(List.of(source), own.getValue().keySet()).isEmpty());
  }

  /** Compilations in which every file was looked at. */
  int together() {
    return together;
  }

  private Compilations together(
      List<RuleSource> all,
      Map<String, Map<String, List<String>>> lists,
      CompilerOptions everyone) {
    together++;
    List<RuleFile> files = parsed.read(all, everyone);
    List<RuleFile> asRead = files.stream().map(RuleFile::copy).toList();
    Compilation forAll = SigmaCompiler.compile(files);
    Map<String, Part> parts = new LinkedHashMap<>();
    lists.forEach(
        (tenant, own) -> {
          Set<Integer> asking = tenant.equals(EVERYONE) ? Set.of() : asking(all, own.keySet());
          if (!asking.isEmpty()) {
            parts.put(tenant, part(all, asRead, files, asking, everyone.with(own)));
          }
        });
    Map<String, Own> own = new HashMap<>();
    parts.forEach((tenant, part) -> own.put(tenant, part.own()));
    lastLists = Map.copyOf(lists);
    last = parts.isEmpty() ? CompiledSet.of(all, asRead, files, forAll) : Optional.empty();
    return new Compilations(forAll, own, parts.isEmpty() ? forAll : told(forAll, files, parts));
  }

  private static Set<Integer> asking(List<RuleSource> sources, Set<String> names) {
    Set<Integer> asking = new LinkedHashSet<>();
    for (int i = 0; i < sources.size(); i++) {
      if (!Collections.disjoint(PlaceholderNames.in(sources.get(i).text()), names)) {
        asking.add(i);
      }
    }
    return asking;
  }

  private Part part(
      List<RuleSource> sources,
      List<RuleFile> asRead,
      List<RuleFile> compiled,
      Set<Integer> asking,
      CompilerOptions options) {
    boolean alone = asking.stream().allMatch(i -> isPlain(asRead.get(i)));
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      if (!alone || asking.contains(i) || !asRead.get(i).filters().isEmpty()) {
        taken.add(i);
      }
    }
    List<RuleFile> files = parsed.readMore(taken.stream().map(sources::get).toList(), options);
    Compilation own = SigmaCompiler.compile(files);
    Map<Integer, RuleFile> byPlace = new HashMap<>();
    Set<String> lost = new HashSet<>();
    for (int i = 0; i < taken.size(); i++) {
      byPlace.put(taken.get(i), files.get(i));
      compiled.get(taken.get(i)).documents().forEach(document -> lost.add(document.id()));
    }
    files.forEach(file -> file.documents().stream().map(Document::id).forEach(lost::remove));
    return new Part(byPlace, new Own(own, lost));
  }

  /** Detections that nothing but filters changes: they need no other rule beside them. */
  private static boolean isPlain(RuleFile file) {
    return file.refusals().isEmpty() && file.stateful().isEmpty() && file.filters().isEmpty();
  }

  private static Compilation told(
      Compilation forAll, List<RuleFile> files, Map<String, Part> parts) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    Map<String, Integer> refused = new HashMap<>();
    for (int i = 0; i < files.size(); i++) {
      RuleFile best = best(i, files.get(i), parts.values());
      diagnostics.addAll(best.diagnostics().inOrderOfPlace());
      best.refusals().forEach(code -> refused.merge(code, 1, Integer::sum));
    }
    parts.forEach((tenant, part) -> diagnostics.addAll(broken(tenant, part)));
    Map<String, SigmaRule> rules = new LinkedHashMap<>();
    Map<String, SigmaRule> inline = new LinkedHashMap<>();
    Map<String, StatefulRule> stateful = new LinkedHashMap<>();
    List<Compilation> all = new ArrayList<>(List.of(forAll));
    parts.values().forEach(part -> all.add(part.own().compiled()));
    for (Compilation some : all) {
      some.rules().forEach(rule -> rules.putIfAbsent(rule.id(), rule));
      some.inline().forEach(rule -> inline.putIfAbsent(rule.id(), rule));
      some.stateful().forEach(rule -> stateful.putIfAbsent(rule.id(), rule));
    }
    return new Compilation(
        forAll.files(),
        List.copyOf(rules.values()),
        List.copyOf(stateful.values()),
        List.copyOf(inline.values()),
        refused.values().stream().mapToInt(Integer::intValue).sum(),
        diagnostics,
        refused);
  }

  private static RuleFile best(int place, RuleFile forAll, Collection<Part> parts) {
    if (!forAll.refusals().isEmpty()) {
      for (Part part : parts) {
        RuleFile own = part.files().get(place);
        if (own != null && own.refusals().isEmpty()) {
          return own;
        }
      }
    }
    return forAll;
  }

  private static List<Diagnostic> broken(String tenant, Part part) {
    if (part.own().lost().isEmpty()) {
      return List.of();
    }
    return part.own().compiled().diagnostics().stream()
        .filter(Diagnostic::isError)
        .map(
            error ->
                new Diagnostic(
                    error.code(),
                    error.severity(),
                    error.file(),
                    error.line(),
                    error.column(),
                    error.message() + ", with the value lists of tenant " + tenant,
                    error.remedy()))
        .toList();
  }
}
