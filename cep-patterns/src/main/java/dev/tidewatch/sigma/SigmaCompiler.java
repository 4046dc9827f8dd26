package dev.tidewatch.sigma;

import dev.tidewatch.diagnostic.Diagnostic;
import java.util.Collection;
import java.util.List;

/** Compiles rule files. */
public final class SigmaCompiler {
  /**
   * @param files files read
   * @param rules rules that compiled, in the order of the sources
   * @param refused rules that did not
   * @param diagnostics of all files, in the order of the sources
   */
  public record Compilation(
      int files, List<SigmaRule> rules, int refused, List<Diagnostic> diagnostics) {
    public Compilation {
      rules = List.copyOf(rules);
      diagnostics = List.copyOf(diagnostics);
    }
  }

  public Compilation compile(Collection<RuleSource> sources) {
    throw new UnsupportedOperationException();
  }
}
