package dev.tidewatch.jobs;

import dev.tidewatch.deploy.Deployment;
import dev.tidewatch.deploy.DeploymentConflictException;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleTopic;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.jobs.options.DetectionOptions;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.RuleDocument;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deploys the rules of the directories that the job is submitted with. */
final class RulePublication {
  private static final Logger LOG = LoggerFactory.getLogger(RulePublication.class);
  private static final String AUTHOR = "tidewatch.rules.paths";
  private static final int TRIES = 3;

  private RulePublication() {}

  /** Brings the topic up to date; writes nothing when nothing has changed. */
  static void publish(DetectionOptions options) {
    if (options.rulePaths().isEmpty()) {
      return;
    }
    List<RuleDocument> documents = read(options);
    RuleTopic topic =
        new RuleTopic(options.kafkaClientProperties(), options.get(DetectionOptions.RULES_TOPIC));
    for (int tries = TRIES; ; tries--) {
      try {
        Deployment.Plan plan = topic.change(book -> plan(book, documents));
        LOG.info(
            "Rules at revision {}, {} changed", plan.after().revision(), plan.changed().size());
        return;
      } catch (DeploymentConflictException e) {
        if (tries == 1) {
          throw e;
        }
      }
    }
  }

  private static Deployment.Plan plan(RuleBook book, List<RuleDocument> documents) {
    Deployment deployment = new Deployment(book, AUTHOR, Clock.systemUTC());
    Set<String> kept = deployment.directory(documents);
    if (!kept.isEmpty()) {
      LOG.info("{} rules stay as they were changed by hand: {}", kept.size(), kept);
    }
    return deployment.plan();
  }

  /**
   * Reads all rule files and says in the log which rules are refused and why; the rest goes on.
   *
   * @throws IllegalArgumentException when a path does not exist, or no rule is left: the job would
   *     do nothing
   */
  static List<RuleDocument> read(DetectionOptions options) {
    List<RuleSource> sources = sources(options);
    Compilation compilation = new SigmaCompiler().compile(sources);
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
    Set<String> compiled = new HashSet<>();
    compilation.rules().forEach(rule -> compiled.add(rule.id()));
    compilation.stateful().forEach(rule -> compiled.add(rule.id()));
    if (compiled.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: %d rule files and no rule that compiles in %s"
              .formatted(
                  DetectionOptions.RULE_PATHS.key(), compilation.files(), options.rulePaths()));
    }
    LOG.info("{} rules, {} refused", compiled.size(), compilation.refused());
    Map<String, RuleDocument> documents = new LinkedHashMap<>();
    for (RuleDocument document : RuleDocument.of(sources)) {
      if (document.kind() == RuleDocument.Kind.FILTER || compiled.contains(document.id())) {
        documents.putIfAbsent(document.id(), document);
      }
    }
    return List.copyOf(documents.values());
  }

  private static List<RuleSource> sources(DetectionOptions options) {
    try {
      return RuleDirectory.read(options.rulePaths());
    } catch (UncheckedIOException e) {
      throw new IllegalArgumentException(
          DetectionOptions.RULE_PATHS.key() + ": " + e.getMessage(), e);
    }
  }
}
