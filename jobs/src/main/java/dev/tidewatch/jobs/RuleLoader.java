package dev.tidewatch.jobs;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.jobs.match.RuleTexts;
import dev.tidewatch.jobs.options.DetectionOptions;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the rules where the job is submitted. */
final class RuleLoader {
  private static final Logger LOG = LoggerFactory.getLogger(RuleLoader.class);

  private RuleLoader() {}

  /**
   * Reads all rule files and says in the log which rules are refused and why; the rest goes on.
   *
   * @throws IllegalArgumentException when no rule is left: the job would do nothing
   */
  static RuleTexts load(DetectionOptions options) {
    RuleTexts texts = read(options);
    SigmaCompiler.Compilation compilation = new SigmaCompiler().compile(texts.sources());
    for (Diagnostic diagnostic : compilation.diagnostics()) {
      if (diagnostic.severity() == Diagnostic.Severity.ERROR) {
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
    return texts;
  }

  private static RuleTexts read(DetectionOptions options) {
    List<RuleSource> sources = new ArrayList<>();
    for (Path path : options.rulePaths()) {
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : files.filter(RuleLoader::isRule).sorted().toList()) {
          sources.add(new RuleSource(path.relativize(file).toString(), Files.readString(file)));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(DetectionOptions.RULE_PATHS.key() + ": " + e, e);
      }
    }
    return RuleTexts.of(sources);
  }

  private static boolean isRule(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".yml") && !name.endsWith(".tests.yml");
  }
}
