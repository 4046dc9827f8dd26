package dev.tidewatch.jobs;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.jobs.match.RuleTexts;
import dev.tidewatch.jobs.options.DetectionOptions;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import java.io.UncheckedIOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the rules where the job is submitted. */
final class RuleLoader {
  private static final Logger LOG = LoggerFactory.getLogger(RuleLoader.class);

  private RuleLoader() {}

  /**
   * Reads all rule files and says in the log which rules are refused and why; the rest goes on.
   *
   * @throws IllegalArgumentException when a path does not exist, or no rule is left: the job would
   *     do nothing
   */
  static RuleTexts load(DetectionOptions options) {
    List<RuleSource> sources = read(options);
    SigmaCompiler.Compilation compilation = new SigmaCompiler().compile(sources);
    for (Diagnostic diagnostic : compilation.diagnostics()) {
      if (diagnostic.isError()) {
        LOG.warn(
            "{}:{}:{}: {} {}",
            diagnostic.file(),
            diagnostic.line(),
            diagnostic.column(),
            diagnostic.code(),
            diagnostic.message());
      }
    }
    if (compilation.rules().isEmpty()) {
      throw new IllegalArgumentException(
          "%s: %d rule files and no rule that compiles in %s"
              .formatted(
                  DetectionOptions.RULE_PATHS.key(), compilation.files(), options.rulePaths()));
    }
    LOG.info("{} rules, {} refused", compilation.rules().size(), compilation.refused());
    return RuleTexts.of(sources);
  }

  private static List<RuleSource> read(DetectionOptions options) {
    try {
      return RuleDirectory.read(options.rulePaths());
    } catch (UncheckedIOException e) {
      throw new IllegalArgumentException(
          DetectionOptions.RULE_PATHS.key() + ": " + e.getMessage(), e);
    }
  }
}
