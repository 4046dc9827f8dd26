package dev.tidewatch.sigma;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.remember.Member;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.parse.ParsedDocument;
import dev.tidewatch.sigma.rewrite.ApplyFilter;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Compiles rule files. Holds no state; may be used by several threads. */
public final class SigmaCompiler {
  private final CompilerOptions options;

  public SigmaCompiler() {
    this(CompilerOptions.DEFAULT);
  }

  public SigmaCompiler(CompilerOptions options) {
    this.options = options;
  }

  /**
   * @param files files read
   * @param rules rules that compiled, in the order of the sources
   * @param refused rules (and documents that would be rules) that did not
   * @param diagnostics of all files, in the order of the sources, within a file by place
   * @param refusedByCode refused rules by the code of their first error
   * @param stateful correlations and patterns that compiled, each after those it refers to
   * @param inline detections written inside patterns; they never alert by themselves
   */
  public record Compilation(
      int files,
      List<SigmaRule> rules,
      List<StatefulRule> stateful,
      List<SigmaRule> inline,
      int refused,
      List<Diagnostic> diagnostics,
      Map<String, Integer> refusedByCode) {
    public Compilation {
      rules = List.copyOf(rules);
      stateful = List.copyOf(stateful);
      inline = List.copyOf(inline);
      diagnostics = List.copyOf(diagnostics);
      refusedByCode = java.util.Collections.unmodifiableMap(new TreeMap<>(refusedByCode));
    }

    public boolean hasErrors() {
      return diagnostics.stream().anyMatch(Diagnostic::isError);
    }

    /** Everything that MATCH evaluates: the rules, then detections inside patterns. */
    public List<SigmaRule> matched() {
      return Stream.concat(rules.stream(), inline.stream()).toList();
    }

    /**
     * Ids of detection rules that do not alert by themselves: detections inside patterns, and rules
     * that stateful rules refer to, none of which says {@code generate: true} (row 30).
     */
    public Set<String> silent() {
      Set<String> silent = new HashSet<>();
      Set<String> generating = new HashSet<>();
      inline.forEach(rule -> silent.add(rule.id()));
      for (StatefulRule rule : stateful) {
        for (Member member : rule.members()) {
          (rule.generate() ? generating : silent).add(member.ruleId());
        }
      }
      silent.removeAll(generating);
      return silent;
    }
  }

  public Compilation compile(Collection<RuleSource> sources) {
    return compile(sources.stream().map(s -> RuleFile.read(s, options)).toList());
  }

  /**
   * The same, but reads only those sources that {@code known} does not hold yet; what is the same
   * as before is the very same object where no filter applies.
   */
  public Compilation compile(Collection<RuleSource> sources, ParsedRules known) {
    return compile(known.read(sources, options));
  }

  static Compilation compile(List<RuleFile> files) {
    refuseDuplicateIds(files);
    applyFilters(files);
    return collect(files, new References(files).resolve());
  }

  /** What became of files that are compiled, and of what refers to others among them. */
  static Compilation collect(List<RuleFile> files, List<StatefulRule> stateful) {
    List<SigmaRule> inline = files.stream().flatMap(f -> f.inline().stream()).toList();
    List<SigmaRule> rules = new ArrayList<>();
    List<Diagnostic> diagnostics = new ArrayList<>();
    Map<String, Integer> refusedByCode = new HashMap<>();
    for (RuleFile file : files) {
      rules.addAll(file.rules());
      diagnostics.addAll(file.diagnostics().inOrderOfPlace());
      file.refusals().forEach(code -> refusedByCode.merge(code, 1, Integer::sum));
    }
    int refused = refusedByCode.values().stream().mapToInt(Integer::intValue).sum();
    return new Compilation(
        files.size(), rules, stateful, inline, refused, diagnostics, refusedByCode);
  }

  /** Alert ids are derived from rule ids: two rules with one id would overwrite each other. */
  private static void refuseDuplicateIds(List<RuleFile> files) {
    Map<String, String> firstFile = new HashMap<>();
    for (RuleFile file : files) {
      for (RuleFile.Document document : file.documents()) {
        String first = firstFile.putIfAbsent(document.id(), file.name());
        if (first != null) {
          file.refuse(
              document,
              DiagnosticCode.DUPLICATE_ID,
              "the rule of " + first + " has the id " + document.id() + " too",
              "give this rule an id of its own");
        } else if (document instanceof RuleFile.Stateful stateful) {
          stateful.inline().forEach(rule -> firstFile.putIfAbsent(rule.id(), file.name()));
        }
      }
    }
  }

  private static void applyFilters(List<RuleFile> files) {
    for (RuleFile file : files) {
      for (ParsedDocument.Filter filter : file.filters()) {
        warnOfUnknownRules(filter, files, file.diagnostics());
        ApplyFilter rewrite = new ApplyFilter(filter);
        files.forEach(f -> f.replaceRules(rewrite::apply));
      }
    }
  }

  private static void warnOfUnknownRules(
      ParsedDocument.Filter filter, List<RuleFile> files, Diagnostics diagnostics) {
    for (Scalar name : filter.rules()) {
      boolean known =
          files.stream()
              .flatMap(f -> Stream.concat(f.rules().stream(), f.inline().stream()))
              .anyMatch(r -> r.id().equals(name.text()) || r.name().equals(name.text()));
      if (!known) {
        Place place = name.place();
        diagnostics.add(
            DiagnosticCode.FILTER_WITHOUT_RULE,
            place,
            "no rule of this set has the id or name '" + name.text() + "'",
            "compile the filter together with the rules it is for");
      }
    }
  }
}
